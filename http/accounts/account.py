"""One account."""

from __future__ import annotations

from uuid import UUID

from falcon import Request, Response

from countersign.aggregates.account import Account
from countersign.eventstore.store import NotFound
from countersign.http.accounts.account_answer import AccountAnswer
from countersign.http.accounts.accounts import account_answer
from countersign.http.endpoints import query
from countersign.http.preconditions import tag_version
from countersign.http.services import Services


class OneAccount:
    """`GET /v1/accounts/{account_id}`."""

    def __init__(self, services: Services) -> None:
        self._aggregates = services.aggregates

    @query("Accounts", action="ViewAccounts")
    def on_get(self, _req: Request, resp: Response, account_id: UUID) -> AccountAnswer:
        """Show an account."""
        account = self._aggregates.find(Account, account_id)
        if account is None:
            raise NotFound(f"there is no account with the id {account_id}")
        tag_version(resp, account.version)
        return account_answer(account)
