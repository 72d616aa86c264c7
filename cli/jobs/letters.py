"""What waits for a person: work that was given up, and mails of which nobody knows whether they went."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import exists, inspect, select

from countersign.aggregates.email_status import EmailStatus
from countersign.eventstore.databases import Database
from countersign.projections.projection import view_of
from countersign.projections.work.mail_outbox import outbox
from countersign.projections.work.mail_outbox_queries import Mail, mail, mails
from countersign.workers.effect import State
from countersign.workers.effect_board import LISTED, Listed
from countersign.workers.effects_table import effects
from countersign.workers.kinds import (
    DELIVER_EMAIL,
    DELIVER_WEBHOOK,
    MAIL,
    MAINTAIN,
    QUIET_RUN,
    RENDER_DOCUMENT,
)

IN_DOUBT: Final = "in_doubt"
DEAD: Final = "dead"

_JOBS: Final = {
    RENDER_DOCUMENT: "rendering_id",
    DELIVER_EMAIL: "email_id",
    DELIVER_WEBHOOK: "delivery_id",
    MAINTAIN: "job_id",
}
_SETTLED: Final = frozenset({EmailStatus.SENT, EmailStatus.DISMISSED})
_GIVEN_UP: Final = (
    EmailStatus.IN_DOUBT,
    EmailStatus.BOUNCED,
    EmailStatus.DEAD_LETTERED,
    EmailStatus.SUPPRESSED,
)
_PAGE: Final = 500


@dataclass(frozen=True, slots=True)
class Letter:
    """One of them; `state` is `dead` or `in_doubt`, `job_id` what `countersign jobs` calls it by."""

    job_id: UUID
    queue: str
    kind: str
    state: str
    error: str
    since: datetime | None


def job_of(effect: Listed) -> UUID:
    """The rendering, mail or maintenance job that an effect works on; its own id when it only orders work."""
    key = _JOBS.get(effect.kind)
    return effect.id if key is None else UUID(effect.payload[key])


def letters(read: Database) -> tuple[Letter, ...]:
    """All of them, from the mail outbox and the board of effects.

    A dead effect whose job was taken up again, or whose mail was decided about, no longer waits.
    """
    outbox_is_there = _has_outbox(read)
    waiting = tuple(_mails(read)) if outbox_is_there else ()
    known = {letter.job_id for letter in waiting}
    dead = [each for each in dead_effects(read) if job_of(each) not in known]
    still_dead = (each for each in dead if not (outbox_is_there and _mail_is_settled(read, each)))
    return (*waiting, *map(_letter, still_dead))


def dead_effects(read: Database) -> list[Listed]:
    """Effects that were given up, the oldest cause first, unless the same was wanted again later.

    A quiet run that was given up has become a job of the log, which is told of in its place.
    """
    later = effects.alias("later")
    taken_up_again = exists().where(
        later.c.kind == effects.c.kind,
        later.c.payload == effects.c.payload,
        later.c.position > effects.c.position,
    )
    is_told_of = effects.c.kind != QUIET_RUN
    query = select(*LISTED).where(effects.c.state == State.DEAD, is_told_of, ~taken_up_again)
    with read.read() as connection:
        return [Listed(*row) for row in connection.execute(query.order_by(effects.c.position))]


def _mails(read: Database) -> Iterator[Letter]:
    for state in _GIVEN_UP:
        cursor = None
        while True:
            page = mails(read, state=state, cursor=cursor, limit=_PAGE)
            yield from map(_mail_letter, page.rows)
            cursor = page.next_cursor
            if cursor is None:
                break


def _mail_letter(row: Mail) -> Letter:
    state = IN_DOUBT if row.state == EmailStatus.IN_DOUBT else DEAD
    error = row.why or f"{row.reply_code} {row.reply}"
    return Letter(row.email_id, MAIL, row.purpose, state, error, row.settled_at or row.attempted_at)


def _mail_is_settled(read: Database, effect: Listed) -> bool:
    if effect.kind != DELIVER_EMAIL:
        return False
    found = mail(read, job_of(effect))
    return found is not None and found.state in _SETTLED


def _letter(effect: Listed) -> Letter:
    error = effect.error or ""
    return Letter(job_of(effect), effect.queue, effect.kind, DEAD, error, effect.finished_at)


def _has_outbox(read: Database) -> bool:
    with read.read() as connection:
        return inspect(connection).has_table(view_of(outbox).name)
