"""Whether somebody has their second factor at hand: a code of their authenticator, or a backup code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from countersign.aggregates.root import DomainError, Root
from countersign.aggregates.second_factor import SecondFactor, second_factor_id
from countersign.commands.options import Options
from countersign.commands.second_factor.backup_codes import BackupCodes
from countersign.commands.second_factor.totp import is_totp, step_of
from countersign.eventstore.store import Store

TOTP: Final = "totp"
BACKUP_CODE: Final = "backup_code"


class SecondFactorRequired(DomainError):
    """The password is right; a code of the second factor is needed too."""

    code = "second_factor_required"
    status = 401


@dataclass(frozen=True, slots=True)
class FactorProof:
    """The factors shown besides the password, and what is to be saved with what they are shown for."""

    factors: tuple[str, ...] = ()
    changed: tuple[Root, ...] = ()


def prove_factor(store: Store, account: UUID, code: str | None, options: Options) -> FactorProof | None:
    """Use up a code; None when it is not good. Whoever has no second factor need not show one.

    The use is an event of the factor's stream: of two who show the same code at once, the append lets one in.

    Raises:
        SecondFactorRequired: there is a second factor, and no code.
    """
    factor = store.guard_or_none(SecondFactor, second_factor_id(account))
    if factor is None or not factor.is_enabled:
        return FactorProof()
    if code is None:
        raise SecondFactorRequired("send a code of your authenticator, or a backup code, as well")
    used = _use_step(factor, store, code) if is_totp(code) else _use_backup_code(factor, store, code, options)
    return FactorProof((used,), (factor,)) if used else None


def _use_step(factor: SecondFactor, store: Store, code: str) -> str | None:
    if not isinstance(factor.secret, str):  # erased with the person's key
        return None
    step = step_of(factor.secret, code, store.now)
    if step is None or not factor.accepts_step(step):
        return None
    factor.consume_step(store.now, step)
    return TOTP


def _use_backup_code(factor: SecondFactor, store: Store, code: str, options: Options) -> str | None:
    codes = BackupCodes(options.second_factor_key)
    index = codes.index_of(factor.account, factor.backup_nonce or "", code)
    if index is None or index in factor.used_codes:
        return None
    factor.use_backup_code(store.now, index)
    return BACKUP_CODE
