"""Which mails one wants, and when."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from falcon import Request, Response
from pydantic import Field, StrictInt, StringConstraints

from countersign.aggregates.email_contents import EmailPurpose
from countersign.aggregates.inbox import ALWAYS_MAILED, CHOOSABLE, MORNING, Channel, Inbox, inbox_id
from countersign.commands.inbox.set_preferences import SetPreferences
from countersign.http.answers import Answer
from countersign.http.bodies import Form
from countersign.http.calls import answer_receipt, as_left, call_of
from countersign.http.endpoints import command, query
from countersign.http.services import Services


class PreferencesForm(Form):
    """All wishes, instead of those before; a purpose that is not named is mailed at once."""

    channels: Annotated[
        dict[EmailPurpose, Channel],
        Field(
            max_length=len(EmailPurpose),
            examples=[{"approval_reminder": "digest", "schedule_result": "none"}],
        ),
    ]
    digest_hour: Annotated[StrictInt, Field(ge=0, le=23)] = MORNING
    time_zone: Annotated[str, StringConstraints(max_length=64), Field(examples=["Europe/Berlin"])] = "UTC"


class PreferencesAnswer(Answer):
    """How each purpose that can be chosen reaches one; `always` are those that cannot.

    A purpose that stands in neither is not mailed by anything yet.

    The mail of the day comes within the hour after `digest_hour` by the clocks of `time_zone`, if there is
    any news; so much of it is `waiting`.
    """

    channels: dict[EmailPurpose, Channel]
    always: list[EmailPurpose]
    digest_hour: int
    time_zone: str
    waiting: int


class Preferences:
    """`/v1/me/preferences`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @query("Mail", action="ViewPreferences")
    def on_get(self, req: Request, _resp: Response) -> PreferencesAnswer:
        """Show which mails one gets, and when."""
        account: UUID = req.context.claims.account
        return _answer(self._services.aggregates.find(Inbox, inbox_id(account)))

    @command("Mail", refusals=(403,))
    def on_put(self, req: Request, resp: Response, form: PreferencesForm) -> PreferencesAnswer:
        """Choose which mails one gets at once, once a day, or not at all."""
        wanted = SetPreferences(
            channels=form.channels, digest_hour=form.digest_hour, time_zone=form.time_zone
        )
        call = call_of(req)
        receipt = self._services.dispatch(wanted, call.context)
        answer_receipt(resp, receipt)
        inbox = inbox_id(call.context.actor)
        return _answer(as_left(self._services.aggregates, Inbox, inbox, receipt))


def _answer(inbox: Inbox | None) -> PreferencesAnswer:
    chosen = inbox.channel_of if inbox else lambda _purpose: Channel.MAIL
    return PreferencesAnswer(
        channels={purpose: chosen(purpose) for purpose in sorted(CHOOSABLE)},
        always=sorted(ALWAYS_MAILED),
        digest_hour=inbox.digest_hour if inbox else MORNING,
        time_zone=inbox.time_zone if inbox else "UTC",
        waiting=len(inbox.waiting) if inbox else 0,
    )
