"""Threads that append, query and listen until they are told to stop; the first error ends one of them."""

from __future__ import annotations

from threading import Event
from uuid import uuid4

from countersign.eventstore.databases import Databases
from countersign.eventstore.log import Appended
from countersign.eventstore.open_log import open_log
from countersign.eventstore.open_wakeups import open_wakeups
from countersign.eventstore.wakeups import LOG
from tests.integration.eventstore.samples import events


class Load:
    """Each job tells how often it got through; `users` are those whom the database saw."""

    def __init__(self, databases: Databases) -> None:
        self.done = Event()
        self.heard = 0
        self.users: set[str] = set()
        self._databases = databases
        self._wakeups = open_wakeups(databases)
        self.log = open_log(databases, self._wakeups)
        self.log.append(events(uuid4(), 1, 1))

    def append(self) -> int:
        count = 0
        while not self.done.is_set():
            assert isinstance(self.log.append(events(uuid4(), 1, 1)), Appended)
            count += 1
        return count

    def query(self) -> int:
        count = 0
        while not self.done.is_set():
            with self._databases.read.read() as connection:
                self.users.add(connection.exec_driver_sql("SELECT session_user").scalar_one())
                connection.exec_driver_sql("SELECT pg_sleep(0.02)")
            assert self.log.read(0, 5)
            count += 1
        return count

    def listen(self) -> int:
        with self._wakeups.listen(LOG) as listener:
            while not self.done.is_set():
                self.heard += listener.wait(0.2)
        return self.heard

    def close(self) -> None:
        self._wakeups.close()
