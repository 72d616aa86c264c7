"""Being written to at another address."""

from __future__ import annotations

from uuid import uuid4

from falcon import Request, Response

from countersign.commands.account.confirm_email_change import ConfirmEmailChange
from countersign.commands.account.request_email_change import RequestEmailChange
from countersign.http.accounts.registrations import LetterAnswer
from countersign.http.bodies import Form
from countersign.http.calls import answer_receipt, call_of
from countersign.http.endpoints import command
from countersign.http.fields import EmailAddress, OneTimeCode
from countersign.http.services import Services


class EmailForm(Form):
    """The address to be written to."""

    email: EmailAddress


class MailedCodeForm(Form):
    """The code from the mail."""

    token: OneTimeCode


class OwnEmail:
    """`POST /v1/me/email`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @command("Accounts", status=202, refusals=(403, 429))
    def on_post(self, req: Request, resp: Response, form: EmailForm) -> LetterAnswer:
        """Ask for another address, after proving again who one is: a code is sent to it."""
        receipt = self._services.dispatch(RequestEmailChange(email=form.email), call_of(req).context)
        answer_receipt(resp, receipt)
        return LetterAnswer()


class EmailConfirmations:
    """`POST /v1/accounts/email-confirmations`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @command("Accounts", status=204, public=True, refusals=(409, 429))
    def on_post(self, req: Request, _resp: Response, form: MailedCodeForm) -> None:
        """Put the new address in force, with the code that was sent to it."""
        self._services.dispatch(ConfirmEmailChange(token=form.token), call_of(req, scope=uuid4()).context)
