"""Proving again who one is, which signing asks for."""

from __future__ import annotations

from datetime import datetime

from falcon import Request, Response

from countersign.aggregates.session import Session
from countersign.commands.session import reauthenticate
from countersign.http.answers import Answer
from countersign.http.bodies import Form
from countersign.http.calls import answer_receipt, as_left, call_of
from countersign.http.endpoints import command
from countersign.http.fields import Password
from countersign.http.services import Services


class PasswordForm(Form):
    """The password of whoever is signed in."""

    password: Password


class Reauthenticated(Answer):
    """From this time on one may sign, for some minutes."""

    reauthenticated_at: datetime


class Reauthenticate:
    """`POST /v1/auth/reauthenticate`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @command("Signing in")
    def on_post(self, req: Request, resp: Response, form: PasswordForm) -> Reauthenticated:
        """Give the password again, in order to sign within the next minutes."""
        session_id = req.context.claims.session
        wanted = reauthenticate.Reauthenticate(session_id=session_id, password=form.password)
        receipt = self._services.dispatch(wanted, call_of(req).context)
        answer_receipt(resp, receipt)
        session = as_left(self._services.aggregates, Session, session_id, receipt)
        return Reauthenticated.model_validate(session)
