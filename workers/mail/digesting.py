"""Sends what was put aside, in one mail a day, to everybody whose hour has come."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID, uuid4

from jinja2 import UndefinedError

from countersign.aggregates.inbox import Inbox, News, inbox_id
from countersign.aggregates.roster import ROSTER_ID, Roster
from countersign.commands.inbox.send_digest import SendDigest
from countersign.eventstore.aggregates import Aggregates
from countersign.eventstore.context import SYSTEM, Context
from countersign.workers.course import Course
from countersign.workers.issuer import Dispatch
from countersign.workers.mail.letter_text import subject_line
from countersign.workers.mail.occasion import MOMENT

logger = logging.getLogger(__name__)


class MailDigest:
    """Goes through all people anew after a crash: a mail that was planned for a due time is not again."""

    def __init__(self, aggregates: Aggregates, dispatcher: Dispatch) -> None:
        self._aggregates = aggregates
        self._dispatcher = dispatcher

    def __call__(self, now: datetime, course: Course) -> Mapping[str, str]:
        """Plan the mails; returns how many, and of how much news."""
        roster = self._aggregates.find(Roster, ROSTER_ID)
        counts = []
        for account_id in sorted(roster.roles) if roster else ():
            course.go_on()
            inbox = self._aggregates.find(Inbox, inbox_id(account_id))
            if inbox is not None and (due_at := inbox.digest_due(now)) is not None:
                self._send(account_id, due_at, inbox.waiting)
                counts.append(len(inbox.waiting))
        return {"digests": str(len(counts)), "news": str(sum(counts))}

    def _send(self, account_id: UUID, due_at: datetime, waiting: tuple[News, ...]) -> None:
        facts = {
            "since": waiting[0].at.strftime(MOMENT),
            "count": str(len(waiting)),
            "entries": "\n".join(f"  - {_subject(news)}" for news in waiting),
        }
        command = SendDigest(account_id=account_id, due_at=due_at, count=len(waiting), facts=facts)
        context = Context(
            actor=SYSTEM,
            command_key=str(uuid4()),
            correlation=f"digest of {due_at:%Y-%m-%dT%H:%MZ}",
            fresh_key=True,
        )
        self._dispatcher.dispatch(command, context)


def _subject(news: News) -> str:
    try:
        return subject_line(news.purpose, news.facts).removeprefix("Countersign: ")
    except UndefinedError:  # put aside by another version, whose text wanted other facts
        logger.warning("news without its facts", extra={"purpose": news.purpose, "cause": str(news.cause)})
        return news.purpose.replace("_", " ")
