"""Every event that was ever released stays readable: one stored example for each topic and version.

`GOLDEN=missing` writes the files that are not there yet (see tests/golden/README.md); it changes none.
"""

from __future__ import annotations

import json
import os
from base64 import b64decode, b64encode
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import msgspec
import pytest
from sqlalchemy import insert, select

from countersign.aggregates.root import NAMESPACE, Root
from countersign.cli.aggregate_classes import AGGREGATES
from countersign.eventstore import subject_keys
from countersign.eventstore.databases import DatabaseOptions, Databases
from countersign.eventstore.field_cipher import FieldCipher
from countersign.eventstore.log import Recorded
from countersign.eventstore.mapper import EventMapper
from countersign.eventstore.master_keys import MasterKeys
from countersign.eventstore.metadata import Client, Metadata
from countersign.eventstore.subject_keys import SubjectKeys
from countersign.eventstore.topics import Topics
from tests.unit.house.examples import example_of

GOLDEN = Path(__file__).parents[2] / "golden"
KEYS = GOLDEN / "subject_keys.json"
MASTER_KEY = b"the master key of golden files.."
EVENTS = {str(event.TOPIC): event for event in Topics(AGGREGATES).events()}  # type: ignore[attr-defined]
RELEASED = [
    GOLDEN / f"{topic}.v{version}.json"
    for topic, event in sorted(EVENTS.items())
    for version in range(1, event.class_version + 1)
]
NEWEST = [GOLDEN / f"{topic}.v{event.class_version}.json" for topic, event in sorted(EVENTS.items())]
FIRST = [path for path in NEWEST if issubclass(EVENTS[path.stem.rsplit(".v", 1)[0]], Root.Created)]
ACTOR = uuid5(NAMESPACE, "example actor")


def same_file(path: Path) -> str:
    return path.stem


class Golden:
    """The mapper that the service has, over the keys that the files were sealed with."""

    def __init__(self, databases: Databases) -> None:
        self._keys = databases.keys
        self._keys.create(subject_keys.metadata)
        self._restore_keys()
        self.mapper = EventMapper(
            Topics(AGGREGATES), FieldCipher(SubjectKeys(self._keys, MasterKeys(MASTER_KEY)))
        )

    def read(self, path: Path) -> Recorded:
        stored = json.loads(path.read_text("utf-8"))
        return Recorded(
            position=1,
            stream=UUID(stored["stream"]),
            version=stored["version"],
            topic=stored["topic"],
            recorded_at=datetime(2026, 1, 2, tzinfo=UTC),
            state=msgspec.json.encode(stored["state"]),
            metadata=msgspec.json.encode(stored["metadata"]),
        )

    def write(self, path: Path, event: Root.Event) -> None:
        stored = self.mapper.to_stored_event(event)
        stream, version = event.originator_id, event.originator_version
        client = Client(ip="192.0.2.7", agent="curl/8", auth_method="password")
        metadata = Metadata(
            actor=ACTOR, correlation="trail", command="Example", command_key="key", client=client
        )
        document = {
            "topic": stored.topic,
            "stream": str(stream),
            "version": version,
            "state": json.loads(stored.state),
            "metadata": json.loads(self.mapper.encode_metadata(metadata, stream, version)),
        }
        path.write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n", "utf-8")
        self._save_keys()

    def _restore_keys(self) -> None:
        kept = json.loads(KEYS.read_text("utf-8")) if KEYS.exists() else {}
        rows = [{"subject": UUID(each), "wrapped": b64decode(key)} for each, key in kept.items()]
        with self._keys.write() as connection:
            connection.execute(insert(subject_keys.subject_keys), rows) if rows else None

    def _save_keys(self) -> None:
        table = subject_keys.subject_keys
        with self._keys.read() as connection:
            rows = connection.execute(select(table.c.subject, table.c.wrapped).order_by(table.c.subject))
            kept = {str(subject): b64encode(wrapped).decode() for subject, wrapped in rows}
        KEYS.write_text(json.dumps(kept, indent=2) + "\n", "utf-8")


@pytest.fixture(scope="module")
def golden(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Golden]:
    databases = Databases(DatabaseOptions(url=f"sqlite:///{tmp_path_factory.mktemp('golden')}"))
    golden = Golden(databases)
    if os.environ.get("GOLDEN") == "missing":
        for path in NEWEST:
            if not path.exists():
                golden.write(path, example_of(EVENTS[path.stem.rsplit(".v", 1)[0]]))
    yield golden
    databases.close()


def without_ciphertext(value: Any) -> Any:
    """A sealed value is another one each time it is sealed."""
    if isinstance(value, dict):
        return {key: without_ciphertext(inner) for key, inner in value.items() if key != "sealed"}
    return [without_ciphertext(each) for each in value] if isinstance(value, list) else value


def plain(stored: bytes) -> bytes:
    return msgspec.json.encode(without_ciphertext(msgspec.json.decode(stored)))


def test_the_folder_holds_each_topic_and_version_and_nothing_else(golden: Golden) -> None:
    held = {path for path in GOLDEN.glob("*.json") if path != KEYS}
    assert {path.name for path in held} == {path.name for path in RELEASED}


@pytest.mark.parametrize("path", RELEASED, ids=same_file)
def test_a_released_event_is_read_as_todays_class(golden: Golden, path: Path) -> None:
    recorded = golden.read(path)
    version = msgspec.json.decode(recorded.state).get("class_version", 1)
    assert path.stem == f"{recorded.topic}.v{version}"
    happened = golden.mapper.happened(recorded)
    assert type(happened.event) is EVENTS[happened.topic]
    assert happened.client.ip == "192.0.2.7"
    assert "(erased)" not in str(vars(happened.event))


@pytest.mark.parametrize("path", NEWEST, ids=same_file)
def test_the_newest_version_is_stored_as_it_always_was(golden: Golden, path: Path) -> None:
    recorded = golden.read(path)
    event = golden.mapper.happened(recorded).event
    assert plain(golden.mapper.to_stored_event(event).state) == plain(recorded.state)


@pytest.mark.parametrize("path", FIRST, ids=same_file)
def test_a_released_first_event_begins_its_aggregate(golden: Golden, path: Path) -> None:
    event: Any = golden.mapper.happened(golden.read(path)).event
    aggregate = event.mutate(None)
    assert aggregate.id == event.originator_id
    assert aggregate.version == 1


def test_the_changelog_names_every_topic_and_version() -> None:
    told = (GOLDEN.parents[1] / "CHANGELOG.md").read_text("utf-8")
    assert [path.stem for path in RELEASED if f"`{path.stem}`" not in told] == []
