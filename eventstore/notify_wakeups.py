"""Wake-ups through PostgreSQL's NOTIFY, on connections of their own.

Never inside an append: a transaction that notifies serialises the commits of the whole cluster.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from select import select
from time import monotonic

import psycopg2
import psycopg2.extensions
from sqlalchemy import make_url

from countersign.eventstore.per_process import PerProcess
from countersign.eventstore.shared_ears import SharedEars
from countersign.eventstore.signaller import Signaller, SignalLost
from countersign.eventstore.wakeups import Listener, ListenerBase

_CONNECT_S = 5
_PREFIX = "countersign_"
_LOSSES = (psycopg2.OperationalError, psycopg2.InterfaceError)
_log = logging.getLogger(__name__)


class NotifyWakeups:
    """See `Wakeups`; `url` goes straight to the server, since a pooler loses who listens."""

    degraded = ""

    def __init__(self, url: str) -> None:
        self._signallers = PerProcess(lambda: Signaller(_Notifier(url)))
        self._ears = SharedEars(lambda channels: _Listening(url, channels))

    def signal(self, channel: str) -> None:
        """Notify soon."""
        self._signallers.get().signal(channel)

    def listen(self, *channels: str) -> Listener:
        """Listen on the connection of this process."""
        return self._ears.listen(channels)

    def close(self) -> None:
        """Send what waits and disconnect."""
        self._ears.close()
        signaller = self._signallers.existing()
        if signaller:
            signaller.close()


class _Notifier:
    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: psycopg2.extensions.connection | None = None

    def send(self, channels: Collection[str]) -> None:
        try:
            if self._connection is None:
                self._connection = _connect(self._url)
            _execute(self._connection, "NOTIFY", channels)
        except _LOSSES as error:
            self.close()
            raise SignalLost(f"NOTIFY: {error}") from error

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


class _Listening(ListenerBase):
    def __init__(self, url: str, channels: Sequence[str]) -> None:
        super().__init__()
        self._url = url
        self._channels = channels
        self._connection: psycopg2.extensions.connection | None = None
        self._lost = False
        self._try_to_listen()

    def wait(self, timeout_s: float) -> bool:
        """A new connection counts as a signal, since one may have been missed before."""
        deadline = monotonic() + timeout_s
        if self._connection is None and self._try_to_listen():
            return True
        while self._connection is not None and monotonic() < deadline:
            if self._received(self._connection, deadline - monotonic()):
                return True
        self._closed.wait(max(0.0, deadline - monotonic()))
        return False

    def close(self) -> None:
        super().close()
        self._disconnect()

    def _received(self, connection: psycopg2.extensions.connection, timeout_s: float) -> bool:
        try:
            if not connection.notifies:
                select([connection], [], [], timeout_s)
                connection.poll()
        except _LOSSES as error:
            self._lose(error)
            return False
        received = bool(connection.notifies)
        connection.notifies.clear()
        return received

    def _try_to_listen(self) -> bool:
        try:
            self._connection = _connect(self._url)
            _execute(self._connection, "LISTEN", self._channels)
        except _LOSSES as error:
            self._lose(error)
            return False
        self._lost = False
        return True

    def _lose(self, error: Exception) -> None:
        level = logging.DEBUG if self._lost else logging.WARNING
        _log.log(level, "PostgreSQL does not wake this reader, which polls: %s", error)
        self._lost = True
        self._disconnect()

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


def _connect(url: str) -> psycopg2.extensions.connection:
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    connection = psycopg2.connect(
        address, connect_timeout=_CONNECT_S, keepalives_idle=5, keepalives_interval=2, keepalives_count=3
    )
    connection.autocommit = True
    return connection


def _execute(connection: psycopg2.extensions.connection, verb: str, channels: Collection[str]) -> None:
    with connection.cursor() as cursor:
        statements = [f'{verb} "{_PREFIX}{channel}"' for channel in channels]
        # A signal need not survive a crash, so nobody waits for the disk.
        cursor.execute("; ".join(["SET LOCAL synchronous_commit = off", *statements]))
