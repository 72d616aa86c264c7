from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid4

from sqlalchemy import delete

from countersign.commands.dispatch import Dispatcher
from countersign.commands.handler import Handler
from countersign.eventstore.context import SYSTEM, Context
from countersign.eventstore.databases import Databases
from countersign.eventstore.log import Log
from countersign.eventstore.open_store import StoreOptions, open_store
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import EventStore
from countersign.eventstore.subject_keys import subject_keys
from tests.integration.store.diary import BeginDiary, Diary, WriteLine, begin_diary, write_line

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
OPTIONS = StoreOptions(
    master_key=b"m" * 32, lookup_key=b"l" * 32, kept_aggregates=100, snapshot_every=10, keys_lifetime_s=0
)


@dataclass
class Rig:
    """A store on a real log, and a way to give it commands."""

    databases: Databases
    log: Log
    store: EventStore
    dispatcher: Dispatcher

    def give(self, command: object, key: str | None = None, actor: UUID = SYSTEM) -> Receipt:
        context = Context(
            actor=actor, command_key=key or str(uuid4()), correlation="trail", fresh_key=key is None
        )
        return self.dispatcher.dispatch(command, context)

    def begin(self, keeper: str = "Ann") -> UUID:
        diary_id = uuid4()
        self.give(BeginDiary(diary_id=diary_id, keeper=keeper))
        return diary_id

    def diary(self, diary_id: UUID, version: int | None = None) -> Diary:
        found = self.store.aggregates.find(Diary, diary_id, version=version)
        assert found is not None
        return found

    def forget_person(self, subject: UUID) -> None:
        with self.databases.keys.write() as connection:
            connection.execute(delete(subject_keys).where(subject_keys.c.subject == subject))

    def restarted(self) -> Rig:
        store = open_store(self.databases, self.log, [Diary], OPTIONS)
        return rig_on(self.databases, self.log, store)


def rig_on(databases: Databases, log: Log, store: EventStore) -> Rig:
    handlers: Mapping[type, Handler] = {BeginDiary: begin_diary, WriteLine: write_line}
    return Rig(databases, log, store, Dispatcher(handlers, store, log, lambda: NOW))
