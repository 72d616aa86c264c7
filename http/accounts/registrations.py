"""Getting in without an administrator's help, up to their decision."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID, uuid4

from falcon import Request, Response
from pydantic import StringConstraints

from countersign.aggregates.account import Account, AccountStatus
from countersign.aggregates.role import Role
from countersign.commands.account.sign_up import SignUp
from countersign.commands.account.verify_email import VerifyEmail
from countersign.http.answers import Answer
from countersign.http.bodies import Form
from countersign.http.calls import as_left, call_of
from countersign.http.endpoints import command
from countersign.http.fields import EmailAddress, OneTimeCode, Password
from countersign.http.services import Services


class RegistrationForm(Form):
    """Who wants to get in, and as what. The password has at least 12 characters."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    email: EmailAddress
    password: Password
    requested_role: Role


class LetterAnswer(Answer):
    """The same whether the address is known or not: what follows, follows by mail."""

    detail: str = "if this address can be written to, a mail with the next step is on its way"


class VerificationForm(Form):
    """The code from the mail, and the password that was chosen at registration."""

    token: OneTimeCode
    password: Password


class Verified(Answer):
    """An account that waits for an administrator."""

    account: UUID
    status: AccountStatus


class Registrations:
    """`POST /v1/accounts/registrations`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @command("Accounts", status=202, public=True, refusals=(403, 429))
    def on_post(self, req: Request, _resp: Response, form: RegistrationForm) -> LetterAnswer:
        """Ask for an account. A mail says how to go on, or that the address has an account already."""
        call = call_of(req, scope=uuid4())
        wanted = SignUp(
            registration_id=call.new_id("registration"),
            name=form.name,
            email=form.email,
            password=form.password,
            requested_role=form.requested_role,
        )
        self._services.dispatch(wanted, call.context)  # its position would tell how much was written
        return LetterAnswer()


class Verifications:
    """`POST /v1/accounts/verifications`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @command("Accounts", public=True, refusals=(401, 409, 429))
    def on_post(self, req: Request, _resp: Response, form: VerificationForm) -> Verified:
        """Show that the address is yours, with the code from the mail; then an administrator decides."""
        call = call_of(req, scope=uuid4())
        account_id = call.new_id("account")
        wanted = VerifyEmail(account_id=account_id, token=form.token, password=form.password)
        receipt = self._services.dispatch(wanted, call.context)
        account = as_left(self._services.aggregates, Account, account_id, receipt)
        return Verified(account=account.id, status=account.status)
