"""Addresses that mail is held back from: for operators."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from falcon import Request, Response
from pydantic import StrictBool

from countersign.aggregates.suppression import Suppression
from countersign.commands.email.lift_suppression import LiftSuppression
from countersign.http.answers import Answer
from countersign.http.bodies import Form
from countersign.http.calls import answer_receipt, as_left, call_of
from countersign.http.endpoints import command, query
from countersign.http.fields import Text
from countersign.http.parameters import Paging
from countersign.http.services import Services
from countersign.http.staleness import Item
from countersign.projections.work.mail_suppressions_queries import suppression_page


class SuppressionsWanted(Paging):
    """Which addresses; what is left out does not matter."""

    in_force: bool | None = None
    person: UUID | None = None


class SuppressionAnswer(Item):
    """An address, known by its digest only; `email_id` is the mail that came back from there."""

    HANGS_ON = ("suppression_id",)
    suppression_id: UUID
    version: int
    person: UUID
    email_id: UUID
    reply_code: int
    reply: str
    in_force: bool
    placed_at: datetime
    lifted_at: datetime | None
    lifted_by: UUID | None
    lifted_because: str | None


class SuppressionsAnswer(Answer):
    """A page of addresses, the newest first."""

    items: list[SuppressionAnswer]
    next_cursor: str | None


class LiftingForm(Form):
    """Why mail is sent there again."""

    reason: Text


class LiftedAnswer(Answer):
    """An address that mail is sent to again."""

    id: UUID
    version: int
    is_in_force: StrictBool


class Suppressions:
    """`GET /v1/mail/suppressions`."""

    def __init__(self, services: Services) -> None:
        self._read = services.read

    @query("Mail", reads=("mail_suppressions",), action="ViewSuppressions")
    def on_get(self, _req: Request, _resp: Response, query: SuppressionsWanted) -> SuppressionsAnswer:
        """List the addresses from which mail came back since nobody is there."""
        page = suppression_page(
            self._read,
            in_force=query.in_force,
            person=query.person,
            cursor=query.cursor,
            limit=query.limit,
        )
        items = [SuppressionAnswer.model_validate(row) for row in page.rows]
        return SuppressionsAnswer(items=items, next_cursor=page.next_cursor)


class SuppressionLifting:
    """`POST /v1/mail/suppressions/{suppression_id}/lift`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @command("Mail", refusals=(403, 409))
    def on_post(self, req: Request, resp: Response, suppression_id: UUID, form: LiftingForm) -> LiftedAnswer:
        """Send mail to this address again."""
        wanted = LiftSuppression(suppression_id=suppression_id, reason=form.reason)
        receipt = self._services.dispatch(wanted, call_of(req).context)
        answer_receipt(resp, receipt)
        left = as_left(self._services.aggregates, Suppression, suppression_id, receipt)
        return LiftedAnswer.model_validate(left)
