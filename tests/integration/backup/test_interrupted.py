"""Whoever makes or restores a backup may be killed at any moment: what is there then is whole, or nothing."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from countersign.eventstore.backup.manifest import finished, read_manifest
from countersign.eventstore.backup.refusals import PlaceNotEmpty
from countersign.eventstore.databases import Databases
from countersign.eventstore.log import Append, NewEvent
from tests.integration.backup.kit import KEY, back_up, empty_place, restore, rig_in, target_in, whole
from tests.integration.store.rig import Rig

EVENTS = 12_000
MOMENTS_S = (0.02, 0.15)


@pytest.fixture
def large(sqlite_url: str) -> Iterator[Rig]:
    with empty_place(sqlite_url) as databases:
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


def killed(after_s: float, what: str, data: Path, target: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.integration.backup.interrupted", what, str(data), str(target)],
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    process.stdout.readline()
    time.sleep(after_s)
    process.kill()
    process.communicate()


def test_a_backup_that_was_killed_is_not_there(large: Rig, tmp_path: Path) -> None:
    folder = large.databases.folder
    assert folder is not None
    target = target_in(tmp_path)
    for moment_s in MOMENTS_S:
        killed(moment_s, "backup", folder, tmp_path / "backups")
        for name in finished(target):  # one that came to its end before
            read_manifest(target, KEY, name)
    manifest = back_up(large, target)
    assert manifest.position == large.log.head()


def test_a_restore_that_was_killed_is_called_again(large: Rig, tmp_path: Path) -> None:
    target, data = target_in(tmp_path), tmp_path / "data"
    data.mkdir()
    manifest = back_up(large, target)
    for moment_s in MOMENTS_S:
        killed(moment_s, "restore", data, tmp_path / "backups")
        with empty_place(f"sqlite:///{data}") as databases:
            assert rig_in(databases).log.head() in (0, manifest.position)
    with empty_place(f"sqlite:///{data}") as databases:
        with suppress(PlaceNotEmpty):  # the last one may have come to its end before it was killed
            restore(target, manifest, databases)
        assert whole(rig_in(databases).log) == whole(large.log)
