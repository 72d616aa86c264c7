"""Carrying out one effect and settling it by what came of it."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from countersign.aggregates.rendering import FailureClass
from countersign.aggregates.root import DomainError
from countersign.eventstore.log import LogUnavailable
from countersign.eventstore.outage import DatabaseUnavailable
from countersign.workers.course import Cancelled, Course, Interrupted, NotYet
from countersign.workers.duty import Duty
from countersign.workers.effect import Effect
from countersign.workers.effects import Effects
from countersign.workers.failure import EffectFailed, pause_before_retry
from countersign.workers.neighbour import NeighbourAway, Patience
from countersign.workers.options import QueueOptions
from countersign.workers.watching import Watch, unwatched

logger = logging.getLogger(__name__)

BUSY = 503
LEFT_TO_OTHERS_FOR = timedelta(minutes=5)


def always_open() -> bool:
    """No gate keeps the work from being taken."""
    return False


class Work:
    """Hands each effect to the duty of its kind.

    An outage of the log, the database or a neighbour that the duty leans on costs no attempt.
    None is to be taken while `is_closed` says so.
    """

    def __init__(
        self,
        options: QueueOptions,
        effects: Effects,
        duties: Mapping[str, Duty],
        clock: Callable[[], datetime],
        chance: Callable[[], float],
        watch: Watch = unwatched,
        is_closed: Callable[[], bool] = always_open,
    ) -> None:
        self._options = options
        self._effects = effects
        self._duties = duties
        self._clock = clock
        self._chance = chance
        self._watch = watch
        self.is_closed = is_closed
        self.patience = Patience()
        self._owed: deque[tuple[Effect, datetime]] = deque()

    def carry_out(self, effect: Effect, course: Course) -> None:
        """Do it, and write down what has become of it."""
        with self._watch(effect) as watched:
            watched.outcome = self._carried_out(effect, course)

    def _carried_out(self, effect: Effect, course: Course) -> str:
        began = time.perf_counter()
        outcome = "postponed"
        try:
            outcome = self._settled(effect, course)
        except (LogUnavailable, DatabaseUnavailable) as outage:
            logger.warning("effect waits", extra=_ids(effect) | {"reason": str(outage)})
            self._postpone(effect, course, outage.retry_after_s)
        except Interrupted:
            self._postpone(effect, course, 0.0)
        except NotYet as early:
            self._put_off(effect, course, early.until)
        except NeighbourAway as away:
            level = logging.WARNING if self.patience.away(away.pause_s) else logging.DEBUG
            logger.log(level, "effect waits", extra=_ids(effect) | {"reason": str(away)})
            self._postpone(effect, course, 0.0)
        else:
            self.patience.back()
        finally:
            duration_ms = round((time.perf_counter() - began) * 1000, 2)
            logger.info("effect", extra=_ids(effect) | {"outcome": outcome, "duration_ms": duration_ms})
        return outcome

    def give_back(self) -> None:
        """Release what could not be released while the database was away.

        Raises:
            DatabaseUnavailable: it still is; what is owed stays so.
        """
        while self._owed:
            self._effects.release(*self._owed[0])
            self._owed.popleft()

    def _settled(self, effect: Effect, course: Course) -> str:
        if effect.crashes >= self._options.max_crashes:
            message = f"its worker was lost {effect.crashes} times while working on it"
            return self._give_up(effect, EffectFailed(FailureClass.UNKNOWN, message))
        try:
            self._duty(effect).perform(effect, course)
        except Cancelled:
            return "cancelled" if self._effects.cancel(effect, self._clock()) else "taken over"
        except (EffectFailed, DomainError) as failure:
            return self._failed(
                effect, course, failure if isinstance(failure, EffectFailed) else _refused(failure)
            )
        except (LogUnavailable, DatabaseUnavailable, NeighbourAway, NotYet, Interrupted):
            raise
        except Exception as bug:  # it ends in a retry or a dead letter, with its trace in the log
            logger.exception("effect failed unexpectedly", extra=_ids(effect))
            unknown = EffectFailed(FailureClass.UNKNOWN, f"{type(bug).__name__}: {bug}")
            return self._failed(effect, course, unknown)
        return "done" if self._effects.complete(effect, self._clock()) else "taken over"

    def _duty(self, effect: Effect) -> Duty:
        duty = self._duties.get(effect.kind)
        if duty is None:  # beside a newer version, as during an upgrade: its workers know what to do
            message = f"this version does not know work of the kind {effect.kind}"
            raise EffectFailed(FailureClass.TRANSIENT, message, retry_after=LEFT_TO_OTHERS_FOR)
        return duty

    def _failed(self, effect: Effect, course: Course, failure: EffectFailed) -> str:
        return "abandoned" if course.abandoned else self._after(effect, failure)

    def _after(self, effect: Effect, failure: EffectFailed) -> str:
        attempt = effect.attempts + effect.crashes + 1
        pause = pause_before_retry(self._options, failure, attempt, self._chance())
        if pause is None:
            return self._give_up(effect, failure)
        retry_at = self._clock() + pause
        self._report(effect, failure, retry_at)
        self._effects.retry(effect, retry_at, failure.failure_class, failure.message)
        return "retried"

    def _give_up(self, effect: Effect, failure: EffectFailed) -> str:
        self._report(effect, failure, None)
        self._effects.bury(effect, self._clock(), failure.failure_class, failure.message)
        return "dead"

    def _report(self, effect: Effect, failure: EffectFailed, retry_at: datetime | None) -> None:
        _tell(effect, failure, retry_at)
        duty = self._duties.get(effect.kind)
        if duty is None:
            return
        try:
            duty.failed(effect, failure, retry_at)
        except (LogUnavailable, DatabaseUnavailable):
            raise
        except Exception:  # the effect's row keeps the failure all the same, for a retry or as a dead letter
            logger.exception("failure not recorded as an event", extra=_ids(effect))

    def _postpone(self, effect: Effect, course: Course, pause_s: float) -> None:
        self._put_off(effect, course, self._clock() + timedelta(seconds=pause_s))

    def _put_off(self, effect: Effect, course: Course, due_at: datetime) -> None:
        if course.abandoned:  # it was given back before
            return
        try:
            self._effects.postpone(effect, due_at)
        except DatabaseUnavailable:
            logger.warning("effect not given back yet", extra=_ids(effect))
            self._owed.append((effect, due_at))


def _refused(refusal: DomainError) -> EffectFailed:
    kind = FailureClass.TRANSIENT if refusal.status == BUSY else FailureClass.VALIDATION
    return EffectFailed(kind, f"{refusal.code}: {refusal.detail}")


def _tell(effect: Effect, failure: EffectFailed, retry_at: datetime | None) -> None:
    logger.warning(
        "effect failed",
        extra=_ids(effect)
        | {
            "failure_class": failure.failure_class,
            "reason": failure.message,
            "retry_at": retry_at.isoformat() if retry_at else None,
        },
    )


def _ids(effect: Effect) -> dict[str, object]:
    return {
        "effect_id": str(effect.id),
        "kind": effect.kind,
        "queue": effect.queue,
        "reaction": effect.reaction,
        "cause": str(effect.cause),
        "position": effect.position,
        "correlation_id": effect.correlation,
        "attempt": effect.attempts + effect.crashes + 1,
    }
