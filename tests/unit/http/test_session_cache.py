"""The cache of sessions: it gives back what was put in, and nothing that somebody else has put there."""

from __future__ import annotations

import stat
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import msgspec
import pytest

from countersign.aggregates.role import Role
from countersign.http.session_cache.cache import NoSharedCache, SessionCache, SharedCache
from countersign.http.session_cache.files import SessionFiles
from countersign.http.session_cache.known_session import KnownSession

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
KEY = b"k" * 32
KNOWN = KnownSession(
    session=UUID(int=1),
    session_version=1,
    account=UUID(int=2),
    account_version=2,
    role=Role.ENGINEER,
    factors=("password",),
    first_password=False,
    enrolment_only=False,
    seen_at=NOW,
    idle_until=NOW + timedelta(minutes=30),
    expires_at=NOW + timedelta(hours=12),
    reauthenticated_at=None,
    ended=None,
)


class Shelf:
    """A shared cache in memory, which a test can look into."""

    def __init__(self) -> None:
        self.entries: dict[UUID, bytes] = {}

    def get(self, session: UUID) -> bytes | None:
        return self.entries.get(session)

    def put(self, session: UUID, entry: bytes, lifetime_s: int) -> None:
        assert lifetime_s == 1800
        self.entries[session] = entry


@pytest.fixture(params=["files", "shelf"])
def shared(request: pytest.FixtureRequest, tmp_path: Path) -> SharedCache:
    return SessionFiles(tmp_path / "sessions") if request.param == "files" else Shelf()


def test_another_process_finds_what_one_has_looked_up(shared: SharedCache) -> None:
    SessionCache(shared, KEY).put(KNOWN)

    assert SessionCache(shared, KEY).get(KNOWN.session) == KNOWN
    assert SessionCache(shared, KEY).get(UUID(int=3)) is None


def test_without_a_shared_cache_each_process_knows_its_own() -> None:
    cache = SessionCache(NoSharedCache(), KEY)
    cache.put(KNOWN)

    assert cache.get(KNOWN.session) == KNOWN
    assert SessionCache(NoSharedCache(), KEY).get(KNOWN.session) is None


@pytest.mark.parametrize(
    "tamper",
    [
        lambda entry: b"",
        lambda entry: b"x",
        lambda entry: entry[:-1],
        lambda entry: entry.replace(b"engineer", b"operator"),
        lambda entry: bytes(32) + msgspec.json.encode(replace(KNOWN, role=Role.ADMINISTRATOR)),
    ],
)
def test_an_entry_that_this_service_did_not_make_is_not_believed(tamper: Callable[[bytes], bytes]) -> None:
    shelf = Shelf()
    SessionCache(shelf, KEY).put(KNOWN)
    shelf.entries[KNOWN.session] = tamper(shelf.entries[KNOWN.session])

    assert SessionCache(shelf, KEY).get(KNOWN.session) is None


def test_the_entry_of_another_session_is_not_believed() -> None:
    shelf, other = Shelf(), UUID(int=9)
    SessionCache(shelf, KEY).put(KNOWN)
    shelf.entries[other] = shelf.entries[KNOWN.session]

    assert SessionCache(shelf, KEY).get(other) is None


def test_an_entry_of_another_version_of_the_service_is_passed_over() -> None:
    shelf = Shelf()
    cache = SessionCache(shelf, KEY)
    body = b'{"session": 1}'
    shelf.entries[KNOWN.session] = cache._mac(KNOWN.session, body) + body

    assert cache.get(KNOWN.session) is None


def test_files_are_for_this_user_alone_and_a_bounded_number(tmp_path: Path) -> None:
    files = SessionFiles(tmp_path / "sessions")
    for number in range(20):
        files.put(UUID(int=number * 4096 + 5), b"entry %d" % number, 60)

    (slot,) = (tmp_path / "sessions").iterdir()
    assert slot.read_bytes() == b"entry 19"
    assert stat.S_IMODE(slot.stat().st_mode) == 0o600
    assert stat.S_IMODE(slot.parent.stat().st_mode) == 0o700


def test_a_folder_that_cannot_be_written_costs_the_entry_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "sessions").write_text("in the way", encoding="ascii")
    files = SessionFiles(tmp_path / "sessions")

    files.put(KNOWN.session, b"entry", 60)

    assert files.get(KNOWN.session) is None
