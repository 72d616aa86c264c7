from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID, uuid4

import msgspec
import pytest
from eventsourcing.persistence import StoredEvent
from hypothesis import given
from hypothesis import strategies as st

from countersign.aggregates.root import Root
from countersign.eventstore.databases import DatabaseOptions, Databases
from countersign.eventstore.event_decoder import UnreadableEvent
from countersign.eventstore.open_log import open_log
from countersign.eventstore.open_store import StoreOptions, open_store
from countersign.eventstore.topics import UnknownTopic
from countersign.eventstore.wakeups import NoWakeups

STREAM = uuid4()


@dataclass(frozen=True)
class Mark:
    page: int
    by: UUID


class Book(Root):
    TOPIC = "book"

    class Created(Root.Created):
        TOPIC = "book.created"
        title: str

    class Marked(Root.Event):
        TOPIC = "book.marked"
        marks: tuple[Mark, ...]
        texts: Mapping[str, str]
        weight: float | None = None

    class Reviewed(Root.Event):
        TOPIC = "book.reviewed"
        class_version = 2
        stars: int

        @staticmethod
        def upcast_v1_v2(state: dict[str, object]) -> None:
            state["stars"] = 3


AT = '"timestamp":"2026-11-23T09:00:00Z"'


Decode = Callable[[int, str, bytes], Root.Event]


@pytest.fixture(scope="module")
def decode(tmp_path_factory: pytest.TempPathFactory) -> Decode:
    databases = Databases(DatabaseOptions(url=f"sqlite:///{tmp_path_factory.mktemp('keys')}"))
    options = StoreOptions(master_key=b"m" * 32, lookup_key=b"l" * 32)
    mapper = open_store(databases, open_log(databases, NoWakeups("a test")), [Book], options).mapper
    return lambda version, topic, stored: mapper.to_domain_event(StoredEvent(STREAM, version, topic, stored))


MARKS = st.lists(st.builds(Mark, page=st.integers(-(2**53), 2**53), by=st.uuids()), max_size=3).map(tuple)
TEXTS = st.dictionaries(st.text(), st.text(), max_size=3)
WEIGHTS = st.none() | st.floats(allow_nan=False, allow_infinity=False)


@given(version=st.integers(2, 2**31 - 1), marks=MARKS, texts=TEXTS, weight=WEIGHTS)
def test_an_event_decoded_in_one_step_is_what_its_plain_values_convert_to(
    decode: Decode, version: int, marks: tuple[Mark, ...], texts: dict[str, str], weight: float | None
) -> None:
    plain = {"timestamp": "2026-11-23T09:00:00.000001Z", "marks": marks, "texts": texts, "weight": weight}
    stored = msgspec.json.encode(plain)
    place = {"originator_id": STREAM, "originator_version": version}
    expected = msgspec.convert(msgspec.json.decode(stored) | place, Book.Marked)
    event = decode(version, "book.marked", stored)
    assert (type(event), vars(event)) == (Book.Marked, vars(expected))


def test_the_columns_count_where_a_state_names_another_place(decode: Decode) -> None:
    elsewhere = f'{{"originator_id":"{uuid4()}","originator_version":9,{AT},"marks":[],"texts":{{}}}}'
    event = decode(2, "book.marked", elsewhere.encode())
    assert (event.originator_id, event.originator_version) == (STREAM, 2)


def test_an_earlier_version_is_brought_to_todays(decode: Decode) -> None:
    event = decode(2, "book.reviewed", f"{{{AT}}}".encode())
    assert vars(event)["stars"] == 3


@pytest.mark.parametrize(
    "stored",
    [b"", b"{}", b"[]", b"null", b'{"marks":[]}', b'{"marks":3,"texts":{}}', b'{"marks":[],', b"\xff\xff"],
)
def test_a_state_that_does_not_fit_names_its_place(decode: Decode, stored: bytes) -> None:
    with pytest.raises(UnreadableEvent, match=f"book.marked at version 2 of {STREAM}"):
        decode(2, "book.marked", stored)


def test_a_created_event_of_an_unknown_aggregate_is_told_by_its_topic(decode: Decode) -> None:
    stored = f'{{{AT},"title":"T","originator_topic":"pamphlet"}}'
    with pytest.raises(UnknownTopic, match="pamphlet"):
        decode(1, "book.created", stored.encode())
    with pytest.raises(UnknownTopic, match=r"book\.burnt"):
        decode(1, "book.burnt", b"{}")
