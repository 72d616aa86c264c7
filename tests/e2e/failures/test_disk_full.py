"""The disk is full: nothing is acknowledged that was not written, and work goes on once there is room."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from countersign.eventstore.blobs import FileBlobs
from countersign.eventstore.outage import DatabaseUnavailable
from tests.e2e.failures.customers import Customers
from tests.e2e.failures.reckoning import require_nothing_lost
from tests.e2e.failures.site import Site, is_alive, wait_until, within_s
from tests.e2e.failures.small_disk import SmallDisk, small_disk, why_no_small_disk

pytestmark = [pytest.mark.slow, pytest.mark.chaos]
FULL_S = 4.0
SIZE_BYTES = 64 << 20


@pytest.fixture
def disk(short_folder: Path) -> Iterator[SmallDisk]:
    if reason := why_no_small_disk():
        pytest.skip(reason)
    with small_disk(short_folder / "data", SIZE_BYTES) as disk:
        yield disk


def test_a_content_for_which_there_is_no_room_leaves_nothing_behind(disk: SmallDisk) -> None:
    blobs = FileBlobs(disk.folder / "blobs")
    blobs.put(b"first")
    disk.fill()
    for _ in range(3):
        with pytest.raises(DatabaseUnavailable, match="No space left"):
            blobs.put(bytes(1 << 20))
    disk.make_room()
    assert not list(disk.folder.glob("blobs/incoming-*"))
    assert len(blobs.get(blobs.put(bytes(1 << 20)))) == 1 << 20


def test_sqlite_on_a_full_disk_refuses_and_goes_on_with_room(
    short_folder: Path, disk: SmallDisk, capsys: pytest.CaptureFixture[str]
) -> None:
    site = Site(short_folder, {})
    site.init()
    with site.running("work"), site.api() as url:
        customers = Customers([url] * 2)
        with customers.at_work():
            wait_until(lambda: len(customers.accepted) > 3)
            disk.fill()
            full = time.monotonic()
            wait_until(lambda: len(customers.refused_since(full)) > 3)
            time.sleep(FULL_S)
            assert set(customers.refused_since(full)) == {503}
            assert is_alive(url)
            disk.make_room()
            room = time.monotonic()
            wait_until(lambda: bool(customers.accepted_since(room)), within_s(), log=lambda: site.log)
            took_s = time.monotonic() - room
        with capsys.disabled():
            print(f"\nroom on the disk: a command accepted after {took_s:.2f} s")  # noqa: T201 - figures
        with site.opened("") as base:
            require_nothing_lost(base, customers.accepted, within_s=20.0)
