"""Signals sent by a thread of its own, so that an append never waits for Redis or for a NOTIFY."""

from __future__ import annotations

import logging
from collections.abc import Collection
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from time import sleep
from typing import Protocol

_CLOSING_S = 2.0
_REST_S = 0.001  # under load one signal stands for many
_log = logging.getLogger(__name__)


class SignalLost(Exception):
    """A signal could not be sent; who waits for it finds out by the poll."""


class Sender(Protocol):
    """A connection for signals."""

    def send(self, channels: Collection[str]) -> None:
        """Send one signal for each channel.

        Raises:
            SignalLost: the other side is not there.
        """
        ...

    def close(self) -> None:
        """Give the connection back."""
        ...


class Signaller:
    """Belongs to one process. What is signalled while others are being sent goes out as one."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender
        self._queue: SimpleQueue[str | None] = SimpleQueue()
        self._starting = Lock()
        self._thread: Thread | None = None
        self._losing = False

    def signal(self, channel: str) -> None:
        """Have it sent."""
        self._queue.put(channel)
        if self._thread is None:
            self._start()

    def close(self) -> None:
        """Send what waits, as long as that takes no more than a moment, and end."""
        self._queue.put(None)
        if self._thread is not None:
            self._thread.join(_CLOSING_S)

    def _start(self) -> None:
        with self._starting:
            if self._thread is None:
                self._thread = Thread(target=self._run, name="signaller", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        closing = False
        while not closing:
            waiting = {self._queue.get(), *self._drained()}
            closing = None in waiting
            channels = {channel for channel in waiting if channel is not None}
            if channels:
                self._send(channels)
                sleep(_REST_S)
        self._sender.close()

    def _drained(self) -> list[str | None]:
        waiting: list[str | None] = []
        try:
            while True:
                waiting.append(self._queue.get_nowait())
        except Empty:
            return waiting

    def _send(self, channels: Collection[str]) -> None:
        try:
            self._sender.send(channels)
            self._losing = False
        except SignalLost as lost:
            # Said once, not for every append of an outage.
            _log.log(logging.DEBUG if self._losing else logging.WARNING, "readers are not woken: %s", lost)
            self._losing = True
