"""An aggregate to try the store with: it has personal values, a past to upcast and state worth a snapshot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from countersign.aggregates.root import Personal, Root
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True)
class Guest:
    subject: UUID
    name: Personal


class Diary(Root):
    TOPIC = "diary"
    keeper: Personal
    lines: tuple[str, ...] = ()
    guests: tuple[Guest, ...] = ()
    opened: datetime | None = None

    class Created(Root.Created):
        TOPIC = "diary.begun"
        keeper: Personal

    class Written(Root.Event):
        TOPIC = "diary.written"
        class_version = 2
        line: str
        guests: tuple[Guest, ...]

        def apply(self, diary: Diary) -> None:
            diary.lines = (*diary.lines, self.line)
            diary.guests = (*diary.guests, *self.guests)
            diary.opened = self.timestamp

        @staticmethod
        def upcast_v1_v2(state: dict[str, Any]) -> None:
            state["guests"] = []

    @classmethod
    def begin(cls, diary_id: UUID, at: datetime, keeper: str) -> Self:
        return cls._create(cls.Created, id=diary_id, timestamp=at, keeper=keeper)

    def write(self, at: datetime, line: str, guests: tuple[Guest, ...] = ()) -> None:
        self.trigger_event(self.Written, timestamp=at, line=line, guests=guests)


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginDiary:
    diary_id: UUID
    keeper: str


def begin_diary(command: BeginDiary, store: Store) -> Receipt:
    if store.find(Diary, command.diary_id):
        return store.save()
    return store.save(Diary.begin(command.diary_id, store.now, command.keeper))


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteLine:
    diary_id: UUID
    line: str
    expected_version: int | None = None
    guests: tuple[Guest, ...] = ()
    only_if_known: UUID | None = None


def write_line(command: WriteLine, store: Store) -> Receipt:
    diary = store.load(Diary, command.diary_id, command.expected_version)
    if command.only_if_known is not None:
        store.guard(Diary, command.only_if_known)
    diary.write(store.now, command.line, command.guests)
    return store.save(diary)
