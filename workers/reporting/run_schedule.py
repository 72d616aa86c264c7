"""The duty that makes what a schedule tells of, and plans a mail to each of its recipients."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from uuid import UUID

from countersign.aggregates.account import Account
from countersign.aggregates.email_contents import Attached, EmailPurpose
from countersign.aggregates.permissions import permitted
from countersign.aggregates.rendering import FailureClass
from countersign.aggregates.saved_search import SavedSearch
from countersign.aggregates.schedule.schedule import Schedule
from countersign.aggregates.sought import Sought
from countersign.commands.schedule.record_schedule_run import RecordScheduleRun
from countersign.eventstore.aggregates import Aggregates
from countersign.eventstore.blobs import Blobs
from countersign.eventstore.databases import Database
from countersign.workers.course import Course
from countersign.workers.effect import Effect
from countersign.workers.failure import EffectFailed
from countersign.workers.issuer import Issuer
from countersign.workers.mail.occasion import MOMENT
from countersign.workers.mail.planning import Addressee, Planner
from countersign.workers.reporting.finding import Finding
from countersign.workers.reporting.report_lines import Told, told_of

ACTION = "ExportReports"


class RunSchedule:
    """Each recipient gets what they may see themselves; who may see none any more gets nothing."""

    def __init__(
        self,
        aggregates: Aggregates,
        read: Database,
        blobs: Blobs,
        issuer: Issuer,
        planner: Planner,
        clock: Callable[[], datetime],
    ) -> None:
        self._aggregates = aggregates
        self._read = read
        self._blobs = blobs
        self._issuer = issuer
        self._planner = planner
        self._clock = clock

    def perform(self, effect: Effect, course: Course) -> None:
        """Make it, plan the mails and note that."""
        schedule = self._aggregates.find(Schedule, UUID(effect.payload["schedule_id"]))
        if schedule is None or schedule.deleted:
            return
        now, made = self._clock(), dict[UUID | None, Told]()
        finding = Finding(self._read, schedule.plan.query, self._sought(schedule), now, course.go_on)
        readers = tuple(self._readers(schedule))
        for number, (account, only) in enumerate(readers):
            course.go_on()
            course.tell(100 * number / len(readers), f"mail {number + 1} of {len(readers)}")
            if only not in made:
                made[only] = told_of(finding.reports(only), now)
            self._plan(effect, schedule, account, made[only], now)
        rows = sum(made[only].rows for _, only in readers)
        self._record(effect, "completed", mails=len(readers), rows=rows)

    def failed(self, effect: Effect, failure: EffectFailed, retry_at: datetime | None) -> None:
        """Note why; another attempt may still succeed."""
        self._record(
            effect,
            f"{effect.fence}/failed",
            failure_class=failure.failure_class,
            message=failure.message,
        )

    def _sought(self, schedule: Schedule) -> Sought | None:
        if schedule.plan.search is None:
            return None
        search = self._aggregates.find(SavedSearch, schedule.plan.search)
        if search is None:
            raise EffectFailed(FailureClass.VALIDATION, "the saved search is not in the log")
        return search.sought  # also of one that was deleted since: the run had begun

    def _readers(self, schedule: Schedule) -> Iterator[tuple[Account, UUID | None]]:
        for recipient in schedule.plan.recipients:
            account = self._aggregates.find(Account, recipient)
            if account is None or not account.is_active or account.role is None:
                continue
            if permitted(account.role, ACTION):
                yield account, None
            elif permitted(account.role, ACTION, own=True):
                yield account, account.id

    def _plan(self, effect: Effect, schedule: Schedule, account: Account, told: Told, now: datetime) -> None:
        name = f"countersign-{now:%Y-%m-%d}.csv"
        facts = {
            "schedule": schedule.plan.name,
            "schedule_id": str(schedule.id),
            "at": now.strftime(MOMENT),
            "result": told.text,
        }
        self._planner.plan(
            effect,
            EmailPurpose.SCHEDULE_RESULT,
            Addressee(account.id, account.name, account.email),
            facts,
            (Attached(name, self._blobs.put(told.csv), "text/csv"),),
        )

    def _record(self, effect: Effect, step: str, **outcome: str | int) -> None:
        ids = {name: UUID(effect.payload[name]) for name in ("schedule_id", "run_id")}
        self._issuer.insist(RecordScheduleRun(**ids, **outcome), effect, step)  # type: ignore[arg-type]
