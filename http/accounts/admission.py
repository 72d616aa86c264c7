"""An administrator decides who gets in."""

from __future__ import annotations

from uuid import UUID

from falcon import Request, Response

from countersign.aggregates.role import Role
from countersign.commands.account.approve_account import ApproveAccount
from countersign.commands.account.reject_account import RejectAccount
from countersign.http.accounts.account_answer import AccountAnswer
from countersign.http.accounts.account_change import change_account
from countersign.http.bodies import Form
from countersign.http.endpoints import command
from countersign.http.fields import Text
from countersign.http.services import Services


class RoleForm(Form):
    """What somebody is to be."""

    role: Role


class ReasonForm(Form):
    """Why something is decided against a person."""

    reason: Text


class AccountApproval:
    """`POST /v1/accounts/{account_id}/approve`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @command("Accounts", refusals=(403, 404, 409))
    def on_post(self, req: Request, resp: Response, account_id: UUID, form: RoleForm) -> AccountAnswer:
        """Let somebody in who registered themselves, in a role that need not be the one they asked for."""
        wanted = ApproveAccount(account_id=account_id, role=form.role)
        return change_account(self._services, req, resp, account_id, wanted)


class AccountRejection:
    """`POST /v1/accounts/{account_id}/reject`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @command("Accounts", refusals=(403, 404, 409))
    def on_post(self, req: Request, resp: Response, account_id: UUID, form: ReasonForm) -> AccountAnswer:
        """Turn somebody down who registered themselves; they are told the reason."""
        wanted = RejectAccount(account_id=account_id, reason=form.reason)
        return change_account(self._services, req, resp, account_id, wanted)
