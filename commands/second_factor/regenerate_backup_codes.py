"""Somebody makes new backup codes, since the old ones are used up or lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.second_factor import SecondFactor
from countersign.commands.options import Options
from countersign.commands.permit import permit, require_reauthentication
from countersign.commands.second_factor.backup_codes import BACKUP_CODES
from countersign.commands.second_factor.enabled_factor import enabled_factor
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class RegenerateBackupCodes:
    account_id: UUID


def regenerate_backup_codes(
    command: RegenerateBackupCodes, store: Store, options: Options, draw: Callable[[], str]
) -> Receipt:
    """Issue ten new codes; the older ones are void.

    Raises:
        SecondFactorNotEnabled: they would stand in for nothing.
        ReauthenticationRequired: not yet, or too long ago.
    """
    permit(store, "RegenerateBackupCodes", own=(command.account_id,))
    require_reauthentication(store, options.reauthentication_window_s)
    factor: SecondFactor = enabled_factor(store, command.account_id)
    factor.issue_backup_codes(store.now, draw(), BACKUP_CODES)
    return store.save(factor)
