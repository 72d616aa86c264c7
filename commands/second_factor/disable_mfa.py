"""Somebody goes back to the password alone."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.root import DomainError
from countersign.commands.options import Options
from countersign.commands.permit import acting_account, permit, require_reauthentication
from countersign.commands.second_factor.enabled_factor import enabled_factor
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


class RoleRequiresSecondFactor(DomainError):
    """Nobody in this role does without a second factor."""

    code = "role_requires_second_factor"


@dataclass(frozen=True, slots=True, kw_only=True)
class DisableMfa:
    account_id: UUID


def disable_mfa(command: DisableMfa, store: Store, options: Options) -> Receipt:
    """Do without the second factor; the backup codes are void with it.

    Raises:
        RoleRequiresSecondFactor: by the policy; enrolling another authenticator replaces this one.
        SecondFactorNotEnabled: there is none.
        ReauthenticationRequired: with the second factor, not yet, or too long ago.
    """
    permit(store, "DisableMfa", own=(command.account_id,))
    require_reauthentication(store, options.reauthentication_window_s)
    role = acting_account(store).role
    if role in options.sign_in.totp_required_roles:
        raise RoleRequiresSecondFactor(f"your role ({role}) asks for a second factor: enrol another instead")
    factor = enabled_factor(store, command.account_id)
    factor.disable(store.now, command.account_id, "disabled by its owner")
    return store.save(factor)
