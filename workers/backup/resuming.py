"""Takes up in a copy what was done only behind the position that it was restored up to.

Without that a document, a mail or a run of periodic work that was wanted before the position and was done
behind it would be neither done nor wanted in the copy. What is repeated without harm is wanted again; of what
may have left the service a person decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from countersign.aggregates.email_message import EmailMessage
from countersign.aggregates.email_status import EmailStatus
from countersign.aggregates.maintenance_job import MaintenanceJob
from countersign.aggregates.rendering import OPEN, Rendering
from countersign.aggregates.webhook.delivery import WebhookDelivery
from countersign.commands.email.doubt_email import DoubtEmail
from countersign.commands.webhook.abandon_delivery import AbandonDelivery
from countersign.eventstore.backup import events
from countersign.eventstore.context import SYSTEM
from countersign.eventstore.databases import Database
from countersign.eventstore.log import Log
from countersign.eventstore.store import EventStore
from countersign.workers.backup.cut_off import CutOff
from countersign.workers.backup.giving import give
from countersign.workers.effect import Cause, Wanted, effect_id
from countersign.workers.effect_board import EffectBoard
from countersign.workers.effects_table import write_effects
from countersign.workers.following import Wish, cause_of
from countersign.workers.issuer import Dispatch
from countersign.workers.kinds import DELIVER_EMAIL, DELIVER_WEBHOOK, MAINTAIN, RENDER_DOCUMENT
from countersign.workers.reactions.catalogue import reactions

OUTWARD: Final = frozenset({DELIVER_EMAIL, DELIVER_WEBHOOK})
_WHY: Final = (
    "what came of it lies behind position {}, up to which the service was restored: it may have left"
)


@dataclass(slots=True)
class Resumed:
    """The ids of what is wanted again, by its kind, of mails in doubt and of deliveries given up."""

    wanted_again: dict[str, list[UUID]] = field(default_factory=dict)
    mails_in_doubt: list[UUID] = field(default_factory=list)
    deliveries_given_up: list[UUID] = field(default_factory=list)


class Resume:
    """Looks once through the copy's log, as the reactions have seen it."""

    def __init__(self, log: Log, store: EventStore, read: Database, dispatcher: Dispatch) -> None:
        self._log = log
        self._store = store
        self._read = read
        self._board = EffectBoard(read)
        self._dispatcher = dispatcher
        self._open: dict[str, Callable[[UUID], bool]] = {
            RENDER_DOCUMENT: self._is_rendering_open,
            MAINTAIN: self._is_run_open,
            DELIVER_EMAIL: self._is_mail_open,
            DELIVER_WEBHOOK: self._is_delivery_open,
        }

    def resume(self, position: int, behind: CutOff, now: datetime) -> Resumed:
        """Leave nothing hanging that was wanted up to the position and went on behind it."""
        resumed = Resumed()
        for job, wishes in self._concerned(position, behind).items():
            wanted, cause = wishes[-1]  # those before it were over when a person wanted it once more
            if not self._is_open(wanted.kind, job):
                continue
            tried = any(effect_id(*wish) in behind.effects for wish in wishes)
            if wanted.kind in OUTWARD and tried:
                self._leave_to_a_person(wanted.kind, job, position, resumed)
                self._board.cancel(effect_id(wanted, cause), now, SYSTEM)
            else:
                self._want_again(wanted, cause, now)
                resumed.wanted_again.setdefault(wanted.kind, []).append(job)
        return resumed

    def _concerned(self, position: int, behind: CutOff) -> dict[UUID, list[Wish]]:
        found: dict[UUID, list[Wish]] = {}
        for wanted, cause in self._wishes(position):
            effect = effect_id(wanted, cause)
            if wanted.job in behind.streams or effect in behind.effects:
                found.setdefault(wanted.job or effect, []).append((wanted, cause))
        return found

    def _wishes(self, position: int) -> Iterator[Wish]:
        all_of_them = reactions()
        for page in events.pages(self._log, 0, position):
            for recorded in page:
                happened = self._store.mapper.happened(recorded)
                for reaction in all_of_them:
                    cause = cause_of(reaction, happened)
                    yield from ((wanted, cause) for wanted in reaction.react(happened))

    def _want_again(self, wanted: Wanted, cause: Cause, now: datetime) -> None:
        with self._read.write() as connection:
            written = write_effects(connection, [(wanted, cause)])
        if not written:  # it was given up behind the position, or is waiting anyway
            self._board.retry(effect_id(wanted, cause), now)

    def _leave_to_a_person(self, kind: str, job: UUID, position: int, resumed: Resumed) -> None:
        if kind == DELIVER_EMAIL:
            give(self._dispatcher, DoubtEmail(email_id=job, why=_WHY.format(position)))
            resumed.mails_in_doubt.append(job)
        else:
            give(self._dispatcher, AbandonDelivery(delivery_id=job, reason=_WHY.format(position)))
            resumed.deliveries_given_up.append(job)

    def _is_open(self, kind: str, job: UUID) -> bool:
        look = self._open.get(kind)
        return look is None or look(job)

    def _is_rendering_open(self, job: UUID) -> bool:
        found = self._store.aggregates.find(Rendering, job)
        return found is not None and found.status in OPEN

    def _is_run_open(self, job: UUID) -> bool:
        found = self._store.aggregates.find(MaintenanceJob, job)
        return found is not None and not found.is_over

    def _is_mail_open(self, job: UUID) -> bool:
        found = self._store.aggregates.find(EmailMessage, job)
        return found is not None and (found.waits or found.status is EmailStatus.SENDING)

    def _is_delivery_open(self, job: UUID) -> bool:
        found = self._store.aggregates.find(WebhookDelivery, job)
        return found is not None and found.is_open
