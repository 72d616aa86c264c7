"""Whoever makes or restores a backup may be killed at any moment: what is there then is whole, or nothing."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest

from countersign.eventstore.backup.manifest import finished
from countersign.eventstore.backup.refusals import PlaceNotEmpty
from countersign.eventstore.databases import Databases
from countersign.eventstore.log import Append, NewEvent
from tests.integration.backup.kit import back_up, empty_place, restore, rig_in, target_in, whole
from tests.integration.store.rig import Rig

EVENTS = 12_000
MOMENTS_S = (0.02, 0.15)
LONGEST_S = 30.0


@pytest.fixture
def large(sqlite_url: str) -> Iterator[Rig]:
    with empty_place(sqlite_url) as databases:
        yield _filled(databases)


@pytest.fixture
def anywhere(database_url: str) -> Iterator[Rig]:
    with empty_place(database_url) as databases:
        yield _filled(databases)


def _filled(databases: Databases) -> Rig:
    rig = rig_in(databases)
    stream = rig.begin()
    for start in range(0, EVENTS, 1_000):
        rig.log.append(
            Append(
                tuple(
                    NewEvent(stream, start + n, "diary.written", b"x" * 200, b"{}") for n in range(2, 1_002)
                )
            )
        )
    return rig


def killed(until: Callable[[], object], what: str, url: str, target: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.integration.backup.interrupted", what, url, str(target)],
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    process.stdout.readline()
    until()
    process.kill()
    process.communicate()


def test_a_backup_that_was_killed_is_not_there(anywhere: Rig, database_url: str, tmp_path: Path) -> None:
    folder, target = tmp_path / "backups", target_in(tmp_path)

    def under_way() -> None:
        give_up_at = time.monotonic() + LONGEST_S
        while not [*folder.glob("*/.unfinished-*")] and time.monotonic() < give_up_at:
            time.sleep(0.001)

    killed(under_way, "backup", database_url, folder)
    assert [*folder.glob("*/.unfinished-*")]
    assert finished(target) == []
    manifest = back_up(anywhere, target)
    assert manifest.position == anywhere.log.head()
    assert finished(target) == [manifest.name]


def test_a_restore_that_was_killed_is_called_again(large: Rig, tmp_path: Path) -> None:
    target, data = target_in(tmp_path), tmp_path / "data"
    data.mkdir()
    manifest = back_up(large, target)
    for moment_s in MOMENTS_S:
        killed(partial(time.sleep, moment_s), "restore", f"sqlite:///{data}", tmp_path / "backups")
        with empty_place(f"sqlite:///{data}") as databases:
            assert rig_in(databases).log.head() in (0, manifest.position)
    with empty_place(f"sqlite:///{data}") as databases:
        with suppress(PlaceNotEmpty):  # the last one may have come to its end before it was killed
            restore(target, manifest, databases)
        assert whole(rig_in(databases).log) == whole(large.log)
