"""The duty that keeps workers from what a person has called off."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from countersign.workers.course import Course
from countersign.workers.effect import Effect
from countersign.workers.effect_board import EffectBoard
from countersign.workers.failure import EffectFailed

logger = logging.getLogger(__name__)


class CallOff:
    """What was wanted for the job until then is not done; what a worker is at ends at its next step."""

    def __init__(self, board: EffectBoard, clock: Callable[[], datetime]) -> None:
        self._board = board
        self._clock = clock

    def perform(self, effect: Effect, course: Course) -> None:
        """Call off; an effect that was wanted after that decision is left alone."""
        job, by = UUID(effect.payload["job_id"]), UUID(effect.payload["by"])
        called_off = self._board.call_off(job, effect.position, self._clock(), by)
        logger.info("called off", extra={"job_id": str(job), "by": str(by), "effects": called_off})

    def failed(self, effect: Effect, failure: EffectFailed, retry_at: datetime | None) -> None:
        """The decision is on record; the effect itself tells that it was not carried out."""
