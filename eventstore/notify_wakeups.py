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

from countersign.eventstore.credentials import Credentials, CredentialSource
from countersign.eventstore.per_process import PerProcess
from countersign.eventstore.postgres_connections import WATCHFUL
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

    def __init__(self, url: str, credentials: CredentialSource | None = None) -> None:
        server = _Server(url, credentials)
        self._signallers = PerProcess(lambda: Signaller(_Notifier(server)))
        self._ears = SharedEars(lambda channels: _Listening(server, channels))

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


class _Server:
    """Where to connect, and as whom."""

    def __init__(self, url: str, source: CredentialSource | None) -> None:
        self._url = make_url(url).set(drivername="postgresql")
        self._source = source

    def credentials(self) -> Credentials | None:
        return self._source.current() if self._source else None

    def connect(self, credentials: Credentials | None) -> psycopg2.extensions.connection:
        url = self._url
        if credentials is not None:
            url = url.set(username=credentials.user, password=credentials.password)
        connection: psycopg2.extensions.connection = psycopg2.connect(
            url.render_as_string(hide_password=False),
            connect_timeout=_CONNECT_S,
            **WATCHFUL,
        )
        connection.autocommit = True
        return connection


class _Notifier:
    def __init__(self, server: _Server) -> None:
        self._server = server
        self._connection: psycopg2.extensions.connection | None = None
        self._credentials: Credentials | None = None

    def send(self, channels: Collection[str]) -> None:
        rested = self._connection is not None
        try:
            self._notify(channels)
        except _LOSSES as error:
            self.close()
            if rested:  # it may have been dead for long: a restart of the server is noticed only now
                self.send(channels)
                return
            raise SignalLost(f"NOTIFY: {error}") from error

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _notify(self, channels: Collection[str]) -> None:
        if self._credentials != self._server.credentials():
            self.close()
        if self._connection is None:
            self._credentials = self._server.credentials()
            self._connection = self._server.connect(self._credentials)
        _execute(self._connection, "NOTIFY", channels)


class _Listening(ListenerBase):
    def __init__(self, server: _Server, channels: Sequence[str]) -> None:
        super().__init__()
        self._server = server
        self._channels = channels
        self._connection: psycopg2.extensions.connection | None = None
        self._credentials: Credentials | None = None
        self._lost = False
        self._try_to_listen()

    @property
    def hears(self) -> bool:
        """Whether it is connected."""
        return self._connection is not None

    def wait(self, timeout_s: float) -> bool:
        """A new connection counts as a signal, since one may have been missed before."""
        deadline = monotonic() + timeout_s
        if self._credentials != self._server.credentials():
            self._disconnect()
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
            self._credentials = self._server.credentials()
            self._connection = self._server.connect(self._credentials)
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


def _execute(connection: psycopg2.extensions.connection, verb: str, channels: Collection[str]) -> None:
    with connection.cursor() as cursor:
        statements = [f'{verb} "{_PREFIX}{channel}"' for channel in channels]
        # A signal need not survive a crash, so nobody waits for the disk.
        cursor.execute("; ".join(["SET LOCAL synchronous_commit = off", *statements]))
