"""Choosing another password."""

from __future__ import annotations

from falcon import Request, Response

from countersign.commands.account.change_password import ChangePassword
from countersign.commands.session.attempt import require_success
from countersign.http.bodies import Form
from countersign.http.calls import answer_receipt, call_of
from countersign.http.endpoints import command
from countersign.http.fields import Password
from countersign.http.services import Services


class PasswordChange(Form):
    """The password in force, and the one to be."""

    current_password: Password
    new_password: Password


class OwnPassword:
    """`PUT /v1/auth/password`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @command("Signing in", status=204, refusals=(429,))
    def on_put(self, req: Request, resp: Response, form: PasswordChange) -> None:
        """Change one's password: every other session ends."""
        wanted = ChangePassword(current_password=form.current_password, new_password=form.new_password)
        receipt = self._services.dispatch(wanted, call_of(req).context)
        require_success(self._services.aggregates, receipt, req.context.claims.account)
        answer_receipt(resp, receipt)
