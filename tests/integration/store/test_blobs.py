from __future__ import annotations

import os
import time
from collections.abc import Callable
from functools import partial
from hashlib import sha256
from pathlib import Path

import pytest

from countersign.eventstore.blobs import BlobMissing, Blobs, FileBlobs
from countersign.eventstore.databases import Databases
from countersign.eventstore.open_store import create_tables, open_blobs
from countersign.eventstore.outage import DatabaseUnavailable

LATER_S = 4_000_000_000.0


@pytest.fixture
def blobs(databases: Databases) -> Blobs:
    create_tables(databases)
    return open_blobs(databases)


def test_a_content_is_had_again_by_its_digest(blobs: Blobs) -> None:
    content = os.urandom(300_000)
    digest = blobs.put(content)
    assert digest == sha256(content).hexdigest()
    assert blobs.get(digest) == content
    assert blobs.has(digest)


def test_an_empty_content_is_a_content(blobs: Blobs) -> None:
    assert blobs.get(blobs.put(b"")) == b""


def test_what_was_never_stored_is_missing(blobs: Blobs) -> None:
    with pytest.raises(BlobMissing):
        blobs.get("0" * 64)
    assert not blobs.has("0" * 64)


def test_the_same_content_stored_at_the_same_time_is_stored_once(
    blobs: Blobs, at_once: Callable[..., list[object]]
) -> None:
    digests = at_once(*[partial(blobs.put, b"twice")] * 6)
    assert set(digests) == {sha256(b"twice").hexdigest()}
    assert list(blobs.older_than(0, LATER_S)) == [sha256(b"twice").hexdigest()]


def test_a_content_that_cannot_be_stored_is_an_outage(tmp_path: Path) -> None:
    (tmp_path / "blobs").touch()  # where a folder should be
    with pytest.raises(DatabaseUnavailable):
        FileBlobs(tmp_path / "blobs").put(b"content")


def test_only_what_is_old_enough_is_swept(blobs: Blobs) -> None:
    digest = blobs.put(b"young")
    assert list(blobs.older_than(LATER_S * 2, LATER_S)) == []
    assert list(blobs.older_than(60, LATER_S)) == [digest]
    blobs.remove(digest)
    blobs.remove(digest)
    assert not blobs.has(digest)


def test_what_is_put_again_is_young_again_and_spared_by_a_sweep_under_way(blobs: Blobs) -> None:
    digest = blobs.put(b"reused")
    listed_s = time.time()
    time.sleep(0.05)
    blobs.put(b"reused")
    blobs.remove(digest, before_s=listed_s)
    assert blobs.has(digest)
    blobs.remove(digest, before_s=time.time() + 1)
    assert not blobs.has(digest)


def test_what_is_put_again_just_before_it_is_swept_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blobs = FileBlobs(tmp_path)
    digest = blobs.put(b"wanted again")
    (file,) = tmp_path.glob("??/*")
    os.utime(file, (0, 0))
    move = Path.replace

    def move_late(path: Path, target: Path) -> Path:
        if path == file:
            blobs.put(b"wanted again")  # after the look at its age
        return move(path, target)

    monkeypatch.setattr(Path, "replace", move_late)
    blobs.remove(digest, before_s=time.time() - 60)

    assert blobs.get(digest) == b"wanted again"
    assert list(tmp_path.glob("??/*")) == [file]


def test_what_has_come_since_is_told_without_the_rest(blobs: Blobs) -> None:
    blobs.put(b"old")
    time.sleep(0.05)
    since_s = time.time()
    time.sleep(0.05)
    digest = blobs.put(b"new")
    assert list(blobs.stored_since(since_s)) == [digest]
    assert list(blobs.stored_since(LATER_S)) == []


def test_folders_to_which_nothing_has_come_are_not_looked_into(tmp_path: Path) -> None:
    blobs = FileBlobs(tmp_path)
    digest = blobs.put(b"old")
    os.utime(tmp_path / digest[:2], (1, 1))
    os.utime(tmp_path / digest[:2] / digest, (LATER_S, LATER_S))
    assert list(blobs.stored_since(2)) == []
