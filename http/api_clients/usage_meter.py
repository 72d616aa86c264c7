"""Counts the calls of API clients in memory, and adds them to the table of their use now and then."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from threading import Lock, Timer
from typing import Final
from uuid import UUID

from falcon import Request, Response, http_status_to_code

from countersign.eventstore.outage import DatabaseUnavailable
from countersign.projections.people.api_usage import Usage

logger = logging.getLogger(__name__)

Add = Callable[[Iterable[Usage]], None]
_Hour = tuple[UUID, datetime]
_METHOD: Final = "api_key"


class UsageMeter:
    """Middleware: one count a call, one statement every `flush_s` seconds in which there was any.

    A process that is killed loses what it has counted since. While the database is away, nothing is lost.
    """

    def __init__(self, add: Add, clock: Callable[[], datetime], flush_s: float) -> None:
        self._add = add
        self._clock = clock
        self._flush_s = flush_s
        self._lock = Lock()
        self._counted: dict[_Hour, Counter[str]] = {}
        self._timer: Timer | None = None

    def process_response(self, req: Request, resp: Response, _resource: object, _req_succeeded: bool) -> None:
        """Count a call that came with a good key, however it was answered."""
        claims = getattr(req.context, "claims", None)
        if claims is not None and claims.method == _METHOD:
            self.count(claims.account, http_status_to_code(resp.status))

    def count(self, client_id: UUID, status: int) -> None:
        """Note one call that was answered with that status."""
        hour = self._clock().replace(minute=0, second=0, microsecond=0)
        kinds = [
            "requests",
            *(["refused"] if 400 <= status < 500 else []),
            *(["failed"] if status >= 500 else []),
        ]
        with self._lock:
            self._counted.setdefault((client_id, hour), Counter()).update(kinds)
            self._plan()

    def flush(self) -> None:
        """Add what was counted; what cannot be added now is kept for the next time."""
        with self._lock:
            counted, self._counted, self._timer = self._counted, {}, None
        if not counted:
            return
        try:
            self._add([_usage(hour, counts) for hour, counts in counted.items()])
        except DatabaseUnavailable as away:
            logger.warning("the use of API clients is written later", extra={"reason": str(away)})
            self._take_back(counted)

    def close(self) -> None:
        """Write the last counts; no more are expected."""
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
        self.flush()

    def _plan(self) -> None:
        if self._timer is None:
            self._timer = Timer(self._flush_s, self.flush)
            self._timer.daemon = True
            self._timer.start()

    def _take_back(self, counted: Mapping[_Hour, Counter[str]]) -> None:
        with self._lock:
            for hour, counts in counted.items():
                self._counted.setdefault(hour, Counter()).update(counts)
            self._plan()


def _usage(hour: _Hour, counts: Counter[str]) -> Usage:
    client_id, began_at = hour
    return Usage(client_id, "hour", began_at, counts["requests"], counts["refused"], counts["failed"])
