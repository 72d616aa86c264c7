"""Known sessions in Redis, which all machines share; with Redis away, each process looks them up itself."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Final, cast
from uuid import UUID

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

logger = logging.getLogger(__name__)

_LEFT_ALONE_S: Final = 5.0
_LONGEST_WAIT_S: Final = 0.25  # a look-up in the log is faster than a Redis that hangs


class SessionsInRedis:
    """See `SharedCache`; after a failure Redis is left alone for some seconds."""

    def __init__(
        self, url: str, prefix: str, timeout_s: float, elapsed_s: Callable[[], float] = time.monotonic
    ) -> None:
        self._prefix = prefix
        self._elapsed_s = elapsed_s
        self._away_until = 0.0
        patience_s = min(timeout_s, _LONGEST_WAIT_S)
        self._client = redis.Redis.from_url(
            url,
            socket_connect_timeout=patience_s,
            socket_timeout=patience_s,
            socket_keepalive=True,
            retry=Retry(NoBackoff(), 0),
        )

    def get(self, session: UUID) -> bytes | None:
        """See `SharedCache`."""
        if self._elapsed_s() < self._away_until:
            return None
        try:
            return cast("bytes | None", self._client.get(self._key(session)))
        except redis.RedisError as error:
            self._leave_alone(error)
            return None

    def put(self, session: UUID, entry: bytes, lifetime_s: int) -> None:
        """See `SharedCache`."""
        if self._elapsed_s() < self._away_until:
            return
        try:
            self._client.set(self._key(session), entry, ex=lifetime_s)
        except redis.RedisError as error:
            self._leave_alone(error)

    def _key(self, session: UUID) -> str:
        return f"{self._prefix}:session:{session}"

    def _leave_alone(self, error: redis.RedisError) -> None:
        self._away_until = self._elapsed_s() + _LEFT_ALONE_S
        logger.warning("sessions are looked up without Redis", extra={"reason": str(error)})
