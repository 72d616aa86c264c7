"""One account."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from falcon import Request, Response
from pydantic import StringConstraints

from countersign.aggregates.account import Account
from countersign.commands.account.update_profile import UpdateProfile
from countersign.eventstore.store import NotFound
from countersign.http.accounts.account_answer import AccountAnswer
from countersign.http.accounts.account_change import change_account
from countersign.http.accounts.accounts import account_answer
from countersign.http.bodies import Form
from countersign.http.endpoints import command, query
from countersign.http.preconditions import tag_version
from countersign.http.services import Services


class Profile(Form):
    """How a person's name is written."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=200)]


class OneAccount:
    """`/v1/accounts/{account_id}`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @query("Accounts", action="ViewAccounts")
    def on_get(self, _req: Request, resp: Response, account_id: UUID) -> AccountAnswer:
        """Show an account."""
        account = self._services.aggregates.find(Account, account_id)
        if account is None:
            raise NotFound(f"there is no account with the id {account_id}")
        tag_version(resp, account.version)
        return account_answer(account)

    @command("Accounts", refusals=(403, 404))
    def on_patch(self, req: Request, resp: Response, account_id: UUID, form: Profile) -> AccountAnswer:
        """Change how a name is written; what was signed keeps the name it was signed with."""
        wanted = UpdateProfile(account_id=account_id, name=form.name)
        return change_account(self._services, req, resp, account_id, wanted)
