"""Getting a new password for one that was lost."""

from __future__ import annotations

from uuid import uuid4

from falcon import Request, Response

from countersign.commands.account.request_password_reset import RequestPasswordReset
from countersign.commands.account.reset_password import ResetPassword
from countersign.http.accounts.own_email import EmailForm
from countersign.http.accounts.registrations import LetterAnswer
from countersign.http.bodies import Form
from countersign.http.calls import call_of
from countersign.http.endpoints import command
from countersign.http.fields import OneTimeCode, Password
from countersign.http.services import Services


class NewPassword(Form):
    """The code from the mail, and the password to be."""

    token: OneTimeCode
    password: Password


class PasswordResets:
    """`POST /v1/auth/password-resets`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @command("Signing in", status=202, public=True, refusals=(429,))
    def on_post(self, req: Request, _resp: Response, form: EmailForm) -> LetterAnswer:
        """Have a code sent to the address of an account; whether there is one is not told."""
        wanted = RequestPasswordReset(email=form.email)
        self._services.dispatch(wanted, call_of(req, scope=uuid4()).context)
        return LetterAnswer()


class PasswordResetRedemption:
    """`POST /v1/auth/password-resets/redeem`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @command("Signing in", status=204, public=True, refusals=(429,))
    def on_post(self, req: Request, _resp: Response, form: NewPassword) -> None:
        """Choose a new password with the code from the mail; every session ends, and one signs in anew."""
        wanted = ResetPassword(token=form.token, password=form.password)
        self._services.dispatch(wanted, call_of(req, scope=uuid4()).context)
