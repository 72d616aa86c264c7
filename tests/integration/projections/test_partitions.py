"""A projection that is split in segments: several processes share it, and none writes what is not its own."""

from __future__ import annotations

import signal
import subprocess
from collections import Counter
from time import monotonic, sleep

import pytest
from sqlalchemy import text

from countersign.eventstore.leases import Leases
from countersign.projections.building.schema import create, drop
from countersign.projections.catalogue import PROJECTIONS, projection_named
from countersign.projections.following import positions
from countersign.projections.following.freshness import Freshness
from countersign.projections.following.ownership import Ownership
from tests.integration.projections.conftest import MakeRunner
from tests.integration.projections.desk import Desk
from tests.integration.projections.story import Story
from tests.integration.projections.tables import contents
from tests.integration.projections.test_processes import Start, start, stop_in_order

__all__ = ["start"]
REGISTER = projection_named("report_register")
PREFIX = "projection:report_register:"


@pytest.fixture
def split(story: Story) -> Story:
    """Four segments, of which each process may own some."""
    drop(story.databases.read, PROJECTIONS)
    create(story.databases.read, PROJECTIONS, {"report_register": 4})
    return story


def tell(story: Story, reports: int) -> None:
    for number in range(reports):
        report = story.report(number=f"SAT-{story.minutes}-{number}")
        story.section_saved(report, "alarms", [{"id": "1", "result": "pass"}])
        story.submitted(report)


def owners(story: Story) -> Counter[str]:
    return Counter(Leases(story.databases.read).holders(PREFIX).values())


def wait_until_shared(story: Story, shares: dict[str, int], within_s: float) -> float:
    begun = monotonic()
    while owners(story) != shares and monotonic() - begun < within_s:
        sleep(0.02)
    assert owners(story) == shares
    return monotonic() - begun


def test_segments_hold_the_same_rows_as_a_whole(split: Story, make_runner: MakeRunner) -> None:
    tell(split, 12)
    whole = make_runner("whole")
    whole.catch_up()
    parted = contents(split.databases.read, [REGISTER])
    assert sum(map(len, parted.values())) == 24
    whole.release()
    drop(split.databases.read, PROJECTIONS)
    create(split.databases.read, PROJECTIONS)
    make_runner("undivided").catch_up()
    assert contents(split.databases.read, [REGISTER]) == parted


def test_the_slowest_segment_says_how_far_a_projection_is(
    split: Story, make_runner: MakeRunner, freshness: Freshness
) -> None:
    tell(split, 4)
    make_runner().catch_up()
    assert freshness.as_of("report_register") == split.log.head()
    with split.databases.read.write() as connection:
        connection.execute(text("UPDATE projection_positions SET position = 7 WHERE segment = 2"))
    assert freshness.as_of("report_register") == 7
    with split.databases.read.write() as connection:
        connection.execute(text("DELETE FROM projection_builds WHERE name = 'report_register'"))
    assert freshness.as_of("report_register") == 0


def test_processes_share_the_segments_and_hand_them_on(split: Story) -> None:
    read = split.databases.read
    one, two, three = (
        Ownership(read, Leases(read), PROJECTIONS, name, ttl_s=30) for name in ("one", "two", "three")
    )
    one.refresh()
    assert owners(split) == {"one": 4}
    two.refresh()  # it makes itself known
    one.refresh()  # the old one lets go
    two.refresh()
    assert owners(split) == {"one": 2, "two": 2}
    assert len(one.running()) > len(two.running()) == 2, "what is not split stays together"
    three.refresh()
    two.release()
    for each in (one, three):
        each.refresh()
    assert owners(split) == {"one": 2, "three": 2}
    one.release()
    three.refresh()
    assert owners(split) == {"three": 4}


def test_a_rebuild_in_other_parts_is_equal_and_shared_by_all(split: Story, make_runner: MakeRunner) -> None:
    tell(split, 12)
    runner = make_runner()
    runner.catch_up()
    rebuilt = Desk(split).rebuild(REGISTER, segments=3)
    assert rebuilt.report is not None
    assert (rebuilt.status, rebuilt.report["different"]) == ("live", 0)
    assert [at.segment for at in _positions(split) if at.build == 2] == [0, 1, 2]


def _positions(story: Story) -> list[positions.Position]:
    with story.databases.read.read() as connection:
        return sorted(
            positions.load(connection, ["report_register"]).values(), key=lambda at: (at.build, at.segment)
        )


def test_the_batch_of_a_process_that_was_frozen_for_longer_than_its_lease_is_refused(
    split: Story, start: Start, freshness: Freshness, make_runner: MakeRunner
) -> None:
    frozen = start("frozen", "1")  # it freezes between reading that event and writing it
    wait_until_shared(split, {"frozen": 4}, within_s=10)
    tell(split, 3)
    other = start("other")
    wait_until_shared(split, {"other": 4}, within_s=5)  # its lease lasted one second
    assert freshness.wait_for(split.log.head(), 20, "report_register")
    before = contents(split.databases.read)
    frozen.send_signal(signal.SIGCONT)
    assert frozen.stdout is not None
    assert "another process moved a unit" in frozen.stdout.readline()
    assert contents(split.databases.read) == before
    tell(split, 3)
    wait_until_shared(split, {"frozen": 2, "other": 2}, within_s=10)
    assert freshness.wait_for(split.log.head(), 20, "report_register")
    stop_in_order(frozen, other)
    parted = contents(split.databases.read, [REGISTER])
    drop(split.databases.read, PROJECTIONS)
    create(split.databases.read, PROJECTIONS)
    make_runner("undivided").catch_up()
    assert contents(split.databases.read, [REGISTER]) == parted


def test_a_killed_process_is_replaced_within_the_lease_time(
    split: Story, start: Start, freshness: Freshness
) -> None:
    killed, other = start("killed"), start("other")
    wait_until_shared(split, {"killed": 2, "other": 2}, within_s=10)
    kill(killed)
    wait_until_shared(split, {"other": 4}, within_s=5)
    tell(split, 3)
    assert freshness.wait_for(split.log.head(), 10, "report_register")
    stop_in_order(other)


def kill(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.wait()
