"""The background work as one list: documents, mails and maintenance, and the orders that lead to them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Text, or_, select, type_coerce

from countersign.cli.jobs.letters import dead_effects, job_of
from countersign.eventstore.databases import Database
from countersign.projections.work.job_board_queries import Job, job_page
from countersign.projections.work.job_states import JobState
from countersign.workers.effect import State
from countersign.workers.effect_board import LISTED, Listed
from countersign.workers.effects_table import effects
from countersign.workers.kinds import ORDER_DOCUMENT, QUEUE_EMAILS

_ORDERS: Final = frozenset({ORDER_DOCUMENT, QUEUE_EMAILS})
_OPEN: Final = (State.READY, State.CLAIMED)
_STATES: Final = {State.CLAIMED: JobState.RUNNING, State.DEAD: JobState.FAILED}


@dataclass(frozen=True, slots=True)
class Listing:
    """One piece of work as an operator sees it; `kind` is `order` for what only leads to other work."""

    id: UUID
    kind: str
    subject: str
    state: str
    attempts: int
    error: str | None
    next_at: datetime | None
    since: datetime | None


def background_work(
    read: Database, *, kind: str | None, states: Collection[str], limit: int
) -> Sequence[Listing]:
    """The newest first, each state for itself; orders are listed until they are done.

    What has failed, and what is in doubt, is what `countersign status` counts.
    """
    found: list[Listing] = []
    for state in states or (None,):
        page = job_page(read, kind=kind, state=state, limit=limit)
        found += map(_of_job, page.rows)
    if kind in (None, "order"):
        orders = map(_of_order, _open_orders(read, limit))
        found += (each for each in orders if not states or each.state in states)
    return found


def effects_about(read: Database, job_id: UUID) -> list[Listed]:
    """What was wanted for a job, or the order of that id; the newest cause first."""
    mentioned = type_coerce(effects.c.payload, Text).contains(str(job_id))
    query = (
        select(*LISTED)
        .where(or_(effects.c.id == job_id, effects.c.job == job_id, mentioned))
        .order_by(effects.c.position.desc())
    )
    with read.read() as connection:
        found = [Listed(*row) for row in connection.execute(query)]
    return [effect for effect in found if job_id in (effect.id, effect.job, job_of(effect))]


def _open_orders(read: Database, limit: int) -> list[Listed]:
    given_up = [each for each in dead_effects(read) if job_of(each) == each.id]
    is_open = (effects.c.state.in_(_OPEN), effects.c.kind.in_(_ORDERS))
    query = select(*LISTED).where(*is_open).order_by(effects.c.position.desc()).limit(limit)
    with read.read() as connection:
        waiting = [Listed(*row) for row in connection.execute(query)]
    return [*waiting, *reversed(given_up[-limit:])]


def _of_job(row: Job) -> Listing:
    since = row.finished_at or row.started_at or row.created_at
    return Listing(row.job_id, row.kind, row.subject, row.state, row.attempts, row.error, row.next_at, since)


def _of_order(effect: Listed) -> Listing:
    waiting = JobState.RETRYING if effect.attempts else JobState.QUEUED
    return Listing(
        id=effect.id,
        kind="order",
        subject=effect.kind,
        state=_STATES.get(State(effect.state), waiting),
        attempts=effect.attempts,
        error=effect.error,
        next_at=effect.due_at if effect.attempts else None,
        since=effect.finished_at,
    )
