"""Helping somebody who has lost authenticator and backup codes."""

from __future__ import annotations

from uuid import UUID

from falcon import Request, Response

from countersign.commands.second_factor.reset_second_factor import ResetSecondFactor
from countersign.http.bodies import Form
from countersign.http.calls import answer_receipt, call_of
from countersign.http.endpoints import command
from countersign.http.fields import Text
from countersign.http.services import Services


class ResetForm(Form):
    """Why, and how the person showed who they are."""

    reason: Text


class SecondFactorReset:
    """`POST /v1/accounts/{account_id}/second-factor/reset`."""

    def __init__(self, services: Services) -> None:
        self._dispatch = services.dispatch

    @command("Second factor", status=204, refusals=(403, 404, 409))
    def on_post(self, req: Request, resp: Response, account_id: UUID, form: ResetForm) -> None:
        """Take somebody's second factor away and end their sessions, after `POST /v1/auth/reauthenticate`."""
        wanted = ResetSecondFactor(account_id=account_id, reason=form.reason)
        answer_receipt(resp, self._dispatch(wanted, call_of(req).context))
