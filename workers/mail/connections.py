"""Connections to the mail server that stay open for the next letter."""

from __future__ import annotations

import smtplib
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

LETTERS_AT_MOST: Final = 50  # servers count, too: a fresh connection now and then is polite
IDLE_S: Final = 20.0
OK: Final = 250
TROUBLE: Final = (OSError, smtplib.SMTPException)


@dataclass(slots=True)
class Connection:
    """One to the server; it has `introduced` us when a letter may go over it."""

    smtp: smtplib.SMTP
    introduced: bool = False
    letters: int = 0
    idle_since: float = field(default_factory=time.monotonic)


class IdleConnections:
    """What is laid down here can be taken up again for a while; after that a goodbye is said."""

    def __init__(self, idle_s: float = IDLE_S, letters_at_most: int = LETTERS_AT_MOST) -> None:
        self._idle_s = idle_s
        self._letters_at_most = letters_at_most
        self._lock = threading.Lock()
        self._idle: list[Connection] = []
        self._sweep: threading.Timer | None = None

    def take(self) -> Connection | None:
        """One that still answers, the last used first; what does not is closed."""
        while True:
            with self._lock:
                if not self._idle:
                    return None
                connection = self._idle.pop()
            if _answers(connection):
                return connection
            connection.smtp.close()

    def lay_down(self, connection: Connection) -> None:
        """Keep it for the next letter, unless it has carried enough."""
        connection.letters += 1
        if connection.letters >= self._letters_at_most:
            _part(connection)
            return
        connection.idle_since = time.monotonic()
        with self._lock:
            self._idle.append(connection)
            self._plan_sweep()

    def close(self) -> None:
        """Close what is idle; says no goodbye, since nobody waits for its answer."""
        with self._lock:
            if self._sweep is not None:
                self._sweep.cancel()
                self._sweep = None
            for connection in self._idle:
                connection.smtp.close()
            self._idle.clear()

    def _plan_sweep(self) -> None:
        if self._sweep is None:
            self._sweep = threading.Timer(self._idle_s, self._part_with_idle)
            self._sweep.daemon = True
            self._sweep.start()

    def _part_with_idle(self) -> None:
        begun = time.monotonic() - self._idle_s
        with self._lock:
            self._sweep = None
            old = [each for each in self._idle if each.idle_since <= begun]
            self._idle = [each for each in self._idle if each.idle_since > begun]
            if self._idle:
                self._plan_sweep()
        for connection in old:
            _part(connection)


def _answers(connection: Connection) -> bool:
    try:
        return connection.smtp.rset()[0] == OK
    except TROUBLE:
        return False


def _part(connection: Connection) -> None:
    with suppress(*TROUBLE):  # a goodbye that fails changes nothing
        connection.smtp.quit()
    connection.smtp.close()
