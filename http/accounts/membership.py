"""What becomes of somebody who is in: another role, kept out for a time, gone for good."""

from __future__ import annotations

from uuid import UUID

from falcon import Request, Response

from countersign.commands.account.change_role import ChangeRole
from countersign.commands.account.close_account import CloseAccount
from countersign.commands.account.disable_account import DisableAccount
from countersign.commands.account.enable_account import EnableAccount
from countersign.http.accounts.account_answer import AccountAnswer
from countersign.http.accounts.account_change import change_account
from countersign.http.accounts.admission import ReasonForm, RoleForm
from countersign.http.endpoints import command
from countersign.http.services import Services


class AccountRole:
    """`PUT /v1/accounts/{account_id}/role`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @command("Accounts", refusals=(403, 404, 409))
    def on_put(self, req: Request, resp: Response, account_id: UUID, form: RoleForm) -> AccountAnswer:
        """Give somebody another role. Nobody changes their own; one administrator stays."""
        wanted = ChangeRole(account_id=account_id, role=form.role)
        return change_account(self._services, req, resp, account_id, wanted)


class AccountDisabling:
    """`POST /v1/accounts/{account_id}/disable`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @command("Accounts", refusals=(403, 404, 409))
    def on_post(self, req: Request, resp: Response, account_id: UUID, form: ReasonForm) -> AccountAnswer:
        """Keep somebody out: all their sessions end at once, on every machine."""
        wanted = DisableAccount(account_id=account_id, reason=form.reason)
        return change_account(self._services, req, resp, account_id, wanted)


class AccountEnabling:
    """`POST /v1/accounts/{account_id}/enable`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @command("Accounts", refusals=(403, 404, 409))
    def on_post(self, req: Request, resp: Response, account_id: UUID) -> AccountAnswer:
        """Let a disabled person in again, in the role they had."""
        return change_account(self._services, req, resp, account_id, EnableAccount(account_id=account_id))


class AccountClosing:
    """`POST /v1/accounts/{account_id}/close`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @command("Accounts", refusals=(403, 404, 409))
    def on_post(self, req: Request, resp: Response, account_id: UUID) -> AccountAnswer:
        """End an account for good: one's own, after proving again who one is, or any as an administrator."""
        return change_account(self._services, req, resp, account_id, CloseAccount(account_id=account_id))
