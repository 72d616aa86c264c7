"""Wake-ups through Redis; with Redis down, readers poll."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from time import monotonic

import redis
from redis.backoff import NoBackoff
from redis.client import PubSub
from redis.retry import Retry

from countersign.eventstore.per_process import PerProcess
from countersign.eventstore.shared_ears import SharedEars
from countersign.eventstore.signaller import Signaller, SignalLost
from countersign.eventstore.wakeups import Listener, ListenerBase

_log = logging.getLogger(__name__)


class RedisWakeups:
    """See `Wakeups`; `prefix` keeps several services of one Redis apart."""

    degraded = ""

    def __init__(self, url: str, prefix: str = "countersign", timeout_s: float = 1.0) -> None:
        self._url = url
        self._prefix = prefix
        self._timeout_s = timeout_s
        self._signallers = PerProcess(lambda: Signaller(_Publisher(self._client(), prefix)))
        self._ears = SharedEars(self._subscribed)

    def signal(self, channel: str) -> None:
        """Publish it soon."""
        self._signallers.get().signal(channel)

    def listen(self, *channels: str) -> Listener:
        """Listen on the subscription of this process."""
        return self._ears.listen(channels)

    def close(self) -> None:
        """Publish what waits and disconnect."""
        self._ears.close()
        signaller = self._signallers.existing()
        if signaller:
            signaller.close()

    def _subscribed(self, channels: Sequence[str]) -> Listener:
        return _Subscriber(self._client(), [f"{self._prefix}:{channel}" for channel in channels])

    def _client(self) -> redis.Redis:
        return redis.Redis.from_url(
            self._url,
            socket_connect_timeout=self._timeout_s,
            socket_timeout=self._timeout_s,
            socket_keepalive=True,
            # Neither the signals nor the poll wait for a Redis that is down.
            retry=Retry(NoBackoff(), 0),
        )


class _Publisher:
    def __init__(self, client: redis.Redis, prefix: str) -> None:
        self._client = client
        self._prefix = prefix

    def send(self, channels: Collection[str]) -> None:
        try:
            for channel in channels:
                self._client.publish(f"{self._prefix}:{channel}", b"")
        except redis.RedisError as error:
            raise SignalLost(f"Redis: {error}") from error

    def close(self) -> None:
        self._client.close()


class _Subscriber(ListenerBase):
    def __init__(self, client: redis.Redis, channels: Sequence[str]) -> None:
        super().__init__()
        self._client = client
        self._channels = channels
        self._subscription: PubSub | None = None
        self._lost = False
        self._try_to_subscribe()

    @property
    def hears(self) -> bool:
        """Whether it is subscribed."""
        return self._subscription is not None

    def wait(self, timeout_s: float) -> bool:
        """A new subscription counts as a signal, since one may have been missed before."""
        deadline = monotonic() + timeout_s
        if self._subscription is None and self._try_to_subscribe():
            return True
        while self._subscription is not None and monotonic() < deadline:
            if self._received(self._subscription, deadline - monotonic()):
                return True
        self._closed.wait(max(0.0, deadline - monotonic()))
        return False

    def close(self) -> None:
        super().close()
        self._unsubscribe()
        self._client.close()

    def _received(self, subscription: PubSub, timeout_s: float) -> bool:
        try:
            message = subscription.get_message(ignore_subscribe_messages=True, timeout=timeout_s)
            while message and subscription.get_message(timeout=0.0):
                pass  # what came meanwhile is the same signal
        except redis.RedisError as error:
            self._lose(error)
            return False
        return message is not None

    def _try_to_subscribe(self) -> bool:
        subscription: PubSub = self._client.pubsub()  # type: ignore[no-untyped-call]
        try:
            subscription.subscribe(*self._channels)
            for _ in self._channels:
                subscription.get_message(timeout=1.0)  # that it was heard
        except redis.RedisError as error:
            subscription.close()
            self._lose(error)
            return False
        self._subscription = subscription
        self._lost = False
        return True

    def _lose(self, error: redis.RedisError) -> None:
        level = logging.DEBUG if self._lost else logging.WARNING
        _log.log(level, "Redis does not wake this reader, which polls: %s", error)
        self._lost = True
        self._unsubscribe()

    def _unsubscribe(self) -> None:
        subscription, self._subscription = self._subscription, None
        if subscription is not None:
            subscription.close()
