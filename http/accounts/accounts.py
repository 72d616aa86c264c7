"""Everybody who may use the service, and letting somebody in."""

from __future__ import annotations

from typing import Annotated

from falcon import Request, Response
from pydantic import StringConstraints

from countersign.aggregates.account import Account, AccountStatus
from countersign.aggregates.role import Role
from countersign.commands.account.register_account import RegisterAccount
from countersign.http.accounts.account_answer import AccountAnswer, AccountsAnswer
from countersign.http.bodies import Form
from countersign.http.calls import answer_receipt, as_left, call_of
from countersign.http.endpoints import command, query
from countersign.http.fields import EmailAddress, Password
from countersign.http.parameters import Paging
from countersign.http.preconditions import tag_version
from countersign.http.services import Services
from countersign.projections.people.people_queries import people_page


class NewAccount(Form):
    """Somebody to let in, in a role. The password has at least 12 characters."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    email: EmailAddress
    password: Password
    role: Role


class AccountsWanted(Paging):
    """Which accounts; what is left out does not matter."""

    role: Role | None = None
    status: AccountStatus | None = None


class Accounts:
    """`/v1/accounts`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @query("Accounts", reads=("people",), action="ViewAccounts")
    def on_get(self, _req: Request, _resp: Response, query: AccountsWanted) -> AccountsAnswer:
        """List accounts by name."""
        page = people_page(
            self._services.read,
            kind="account",
            role=query.role,
            status=query.status,
            cursor=query.cursor,
            limit=query.limit,
        )
        items = [AccountAnswer.model_validate(person) for person in page.rows]
        return AccountsAnswer(items=items, next_cursor=page.next_cursor)

    @command("Accounts", status=201, refusals=(403, 409))
    def on_post(self, req: Request, resp: Response, form: NewAccount) -> AccountAnswer:
        """Register somebody, who may sign in from then on."""
        call = call_of(req)
        account_id = call.new_id("account")
        wanted = RegisterAccount(
            account_id=account_id, name=form.name, email=form.email, password=form.password, role=form.role
        )
        receipt = self._services.dispatch(wanted, call.context)
        account = as_left(self._services.aggregates, Account, account_id, receipt)
        answer_receipt(resp, receipt)
        tag_version(resp, account.version)
        resp.location = f"/v1/accounts/{account_id}"
        return account_answer(account)


def account_answer(account: Account) -> AccountAnswer:
    """An account as the log has it now."""
    return AccountAnswer(
        id=account.id,
        name=str(account.name),
        email=str(account.email),
        role=account.role or account.requested_role,
        status=account.status,
        version=account.version,
        registered_at=account.created_on,
    )
