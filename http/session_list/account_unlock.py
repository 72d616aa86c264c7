"""Letting somebody try again."""

from __future__ import annotations

from uuid import UUID

from falcon import Request, Response

from countersign.commands.session.unlock_account import UnlockAccount
from countersign.http.calls import answer_receipt, call_of
from countersign.http.endpoints import command
from countersign.http.services import Services


class AccountUnlock:
    """`POST /v1/accounts/{account_id}/unlock`."""

    def __init__(self, services: Services) -> None:
        self._dispatch = services.dispatch

    @command("Accounts", status=204, refusals=(403, 404))
    def on_post(self, req: Request, resp: Response, account_id: UUID) -> None:
        """Forget the failed tries for an account, so that its owner may sign in at once."""
        wanted = UnlockAccount(account_id=account_id)
        answer_receipt(resp, self._dispatch(wanted, call_of(req).context))
