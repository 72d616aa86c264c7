"""A stage that waits is a matter of time: timers remind its approver, and then let others know."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from countersign.aggregates.report.report import Report
from countersign.eventstore.mapper import Happened
from countersign.workers.effect import Wanted
from countersign.workers.kinds import COMMANDS, ESCALATE_STAGE, REMIND_APPROVER


def time_stage(happened: Happened) -> Sequence[Wanted]:
    """StageOpened, StageReassigned: a timer for each reminder, and one for the end of the stage's time.

    None is taken back: one for a stage that was decided or is due at another time does nothing when it comes.
    """
    event = happened.event
    if not isinstance(event, Report.StageOpened | Report.StageReassigned) or event.due_at is None:
        return ()
    of_the_stage: dict[str, str | int] = {
        "report_id": str(happened.stream),
        "stage": event.stage,
        "due_at": event.due_at.isoformat(),
    }
    return tuple(_timers(of_the_stage, event.remind_at, event.due_at))


def _timers(
    of_the_stage: dict[str, str | int], remind_at: Sequence[datetime], due_at: datetime
) -> Iterator[Wanted]:
    for nth, time in enumerate(remind_at, 1):
        yield Wanted(
            queue=COMMANDS,
            kind=REMIND_APPROVER,
            target=str(nth),
            payload={**of_the_stage, "nth": nth},
            due_at=time,
        )
    yield Wanted(queue=COMMANDS, kind=ESCALATE_STAGE, target="", payload=of_the_stage, due_at=due_at)
