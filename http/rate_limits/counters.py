"""Counting requests for all processes together in Redis; without it, each process counts for itself."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from threading import Lock, Timer
from typing import Final

from limits import RateLimitItemPerSecond
from limits.errors import StorageError
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from countersign.http.rate_limits.quota import Quota, Standing

logger = logging.getLogger(__name__)

_LEFT_ALONE_S: Final = 5.0
_NEVER_AWAY: Final = -1.0
_SWEEP_S: Final = 10.0


class Counters:
    """Sliding windows. A Redis that does not answer in time is left alone for seconds, then asked once again.

    Meanwhile the windows of the process itself count, from zero: a caller may get their quota once more, and
    once for each process, but is neither refused nor kept waiting because of an outage.
    """

    def __init__(
        self,
        redis_url: str = "",
        prefix: str = "countersign",
        timeout_s: float = 0.25,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._own = SlidingWindowCounterRateLimiter(_Windows())
        self._shared = _Shared(redis_url, prefix, timeout_s) if redis_url else None
        self._monotonic = monotonic
        self._lock = Lock()
        self._alone_until = _NEVER_AWAY

    def hit(self, quota: Quota, caller: str) -> Standing:
        """Count one request; one beyond the quota is not counted."""
        if self._shared is not None and self._may_ask():
            try:
                standing = _hit(self._shared.limiter, quota, caller)
            except StorageError as away:
                self._leave_alone(away)
            else:
                self._welcome_back()
                return standing
        return _hit(self._own, quota, caller)

    def _may_ask(self) -> bool:
        if self._alone_until == _NEVER_AWAY:
            return True
        with self._lock:
            now_s = self._monotonic()
            if now_s < self._alone_until:
                return False
            self._alone_until = now_s + _LEFT_ALONE_S  # the others wait for what this one finds
            return True

    def _leave_alone(self, away: StorageError) -> None:
        with self._lock:
            known = self._alone_until != _NEVER_AWAY
            self._alone_until = self._monotonic() + _LEFT_ALONE_S
        if self._shared is not None:
            self._shared.drop_idle()
        logger.log(
            logging.DEBUG if known else logging.WARNING,
            "requests are counted by each process for itself",
            extra={"reason": str(away)},
        )

    def _welcome_back(self) -> None:
        if self._alone_until != _NEVER_AWAY:
            with self._lock:
                self._alone_until = _NEVER_AWAY
            logger.info("requests are counted in Redis again")


class _Windows(MemoryStorage):
    """Swept every some seconds: the library's own starts a thread to sweep after nearly every request."""

    def _MemoryStorage__schedule_expiry(self) -> None:  # noqa: N802 - how Python spells the library's method
        if not self.timer.is_alive():
            self.timer = Timer(_SWEEP_S, self._MemoryStorage__expire_events)  # type: ignore[attr-defined]
            self.timer.daemon = True
            self.timer.start()


class _Shared:
    def __init__(self, url: str, prefix: str, timeout_s: float) -> None:
        # Imported here, since the driver is not there in a minimal installation.
        from redis import ConnectionPool  # noqa: PLC0415
        from redis.backoff import NoBackoff  # noqa: PLC0415
        from redis.retry import Retry  # noqa: PLC0415

        self._pool = ConnectionPool.from_url(
            url,
            socket_connect_timeout=timeout_s,
            socket_timeout=timeout_s,
            socket_keepalive=True,
            retry=Retry(NoBackoff(), 0),
        )
        storage = RedisStorage(
            "redis://", connection_pool=self._pool, key_prefix=f"{prefix}:rates", wrap_exceptions=True
        )
        self.limiter = SlidingWindowCounterRateLimiter(storage)

    def drop_idle(self) -> None:
        # They lead nowhere once the server has gone, and would be found out one by one.
        self._pool.disconnect(inuse_connections=False)


def _hit(limiter: SlidingWindowCounterRateLimiter, quota: Quota, caller: str) -> Standing:
    item = RateLimitItemPerSecond(quota.limit, quota.window_s, quota.name)
    allowed = limiter.hit(item, caller)
    stats = limiter.get_window_stats(item, caller)
    reset_s = stats.reset_time - time.time()
    # In the instant in which a window begins, the library takes its end for now.
    return Standing(quota, allowed, stats.remaining, reset_s if reset_s > 0 else float(quota.window_s))
