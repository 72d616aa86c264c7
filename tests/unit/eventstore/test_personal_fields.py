from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from countersign.aggregates.root import Disposable, Personal
from countersign.eventstore.metadata import Metadata
from countersign.eventstore.personal_fields import PersonalField, PersonalStructure, personal_structure


@dataclass(frozen=True)
class Reader:
    subject: UUID
    name: Personal


@dataclass(frozen=True)
class Letter:
    SUBJECT: ClassVar[str] = "author"

    author: UUID
    signature: Personal | None
    readers: tuple[Reader, ...]
    facts: Mapping[str, str]


@dataclass(frozen=True)
class Plain:
    title: str


def test_nothing_is_personal_unless_it_is_marked() -> None:
    assert personal_structure(Plain) is None


def test_marked_values_are_found_with_whose_they_are() -> None:
    reader = PersonalStructure("subject", (PersonalField("name"),))
    assert personal_structure(Letter) == PersonalStructure(
        "author", (PersonalField("signature"), PersonalField("readers", reader, many=True))
    )


def test_a_structure_without_a_subject_belongs_to_whom_its_surroundings_belong() -> None:
    structure = personal_structure(Metadata)
    assert structure is not None
    assert structure.subject == "actor"
    assert structure.fields == (PersonalField("client", PersonalStructure(None, (PersonalField("ip"),))),)


@dataclass(frozen=True)
class Sheet:
    text: Disposable[str]
    rows: Disposable[tuple[str, ...]]
    cells: Disposable[Mapping[str, str]]
    anything: Disposable[Any | None]


def test_what_vanishes_as_a_whole_becomes_the_empty_value_of_its_type() -> None:
    structure = personal_structure(Sheet)

    assert structure is not None
    assert all(field.whole for field in structure.fields)
    assert [field.blank for field in structure.fields] == ["", [], {}, None]
