"""Temporary copies: shared, few, bounded, and honest about what they could not take."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, nullcontext
from typing import Any
from uuid import UUID

import pytest

from countersign.eventstore.log import Recorded
from countersign.eventstore.mapper import Happened
from countersign.projections.catalogue import PROJECTIONS, projection_named
from countersign.projections.following.freshness import Freshness
from countersign.projections.following.runner import Runner
from countersign.projections.letters.dead_letters import dead_letters
from countersign.projections.past import as_of_shelf
from countersign.projections.past.as_of import Copy, TooMuchToReplay
from countersign.projections.past.as_of_copies import Copies, CopyOptions, CopyUnderWay
from countersign.projections.past.as_of_keys import NotThereYet
from countersign.projections.past.as_of_pages import whole_log
from countersign.projections.past.as_of_rows import rows_of
from countersign.projections.projection import Projection
from tests.integration.projections.poisoned import telling, told_of
from tests.integration.projections.story import Story

REGISTER = projection_named("report_register")


@contextmanager
def copies_of(
    story: Story,
    freshness: Freshness,
    projections: Sequence[Projection] = PROJECTIONS,
    **options: Any,
) -> Iterator[Copies]:
    read, decode = story.databases.read, story.store.mapper.happened
    made = Copies(story.log, decode, read, freshness, projections, CopyOptions(**options))
    with closing(made) as copies:
        yield copies


def reports(copy: Copy) -> set[UUID]:
    return {row["report_id"] for row in rows_of(copy.database, copy.projection)["report_register"]}


def test_all_who_ask_for_the_same_moment_share_one_copy(story: Story, freshness: Freshness) -> None:
    story.report()
    decoded: list[Recorded] = []
    here = threading.Barrier(4)
    with copies_of(story, freshness) as copies:
        decode = copies._decode

        def counted(recorded: Recorded) -> Happened:
            decoded.append(recorded)
            return decode(recorded)

        copies._decode = counted

        def ask(_: int) -> int:
            here.wait(10)
            with copies.as_of("report_register", 1) as copy:
                return id(copy)

        with ThreadPoolExecutor(4) as hands:
            assert len(set(hands.map(ask, range(4)))) == 1
    assert len(decoded) == 1


def test_only_so_many_copies_are_kept_and_one_in_use_is_closed_at_its_end(
    story: Story, freshness: Freshness
) -> None:
    for _ in range(3):
        story.report()
    with copies_of(story, freshness, kept_whole=1) as copies:
        with copies.as_of("report_register", 1) as first:
            for position in (2, 3):
                with copies.as_of("report_register", position) as copy:
                    assert len(reports(copy)) == position
            assert len(reports(first)) == 1
            assert len(copies._whole) == 1
        assert first.closed


def test_a_copy_that_nobody_asks_for_is_let_go_after_a_while(
    story: Story, freshness: Freshness, monkeypatch: pytest.MonkeyPatch
) -> None:
    story.report()
    now = [1000.0]
    monkeypatch.setattr(as_of_shelf, "monotonic", lambda: now[0])
    with copies_of(story, freshness, kept_s=60) as copies:
        with copies.as_of("report_register", 1) as copy:
            now[0] += 100
            copies.sweep()
            assert not copy.closed
        copies.sweep()
        assert not copy.closed
        now[0] += 61
        copies.sweep()
        assert copy.closed


def test_more_memory_than_a_copy_may_have_is_refused(story: Story, freshness: Freshness) -> None:
    report = story.report()
    for number in range(40):
        story.section_saved(report, f"s{number}", {"text": "x" * 20_000})
    head = story.log.head()
    with (
        copies_of(story, freshness, max_bytes=400_000) as copies,
        pytest.raises(TooMuchToReplay, match="memory"),
        copies.as_of("section_current", head),
    ):
        pass
    with copies_of(story, freshness) as copies, copies.as_of("section_current", head) as copy:
        assert len(rows_of(copy.database, copy.projection)["section_current"]) == 41


def test_what_was_replayed_before_the_time_was_over_is_not_replayed_again(story: Story) -> None:
    for _ in range(3):
        story.report()
    pages = whole_log(story.log, 3, cap=3)
    asked: list[int] = []

    def one_by_one(reached: int) -> list[Recorded]:
        asked.append(reached)
        return list(pages(reached))[:1]

    decode = story.store.mapper.happened
    with closing(Copy(REGISTER, 3, lambda: one_by_one, decode, 10_000_000)) as copy:
        assert not copy.fill(until=0.0)
        assert asked == []
        assert copy.fill(until=1e12)
        assert asked == [0, 1, 2, 3]
        assert len(reports(copy)) == 3


def test_nobody_waits_without_a_seat(story: Story, freshness: Freshness) -> None:
    story.report()
    with copies_of(story, freshness) as copies:
        with pytest.raises(CopyUnderWay), copies.as_of("report_register", 1, seat=lambda: nullcontext(False)):
            pass
        with copies.as_of("report_register", 1):
            pass
        with copies.as_of("report_register", 1, seat=lambda: nullcontext(False)) as copy:
            assert len(reports(copy)) == 1


def test_an_event_that_cannot_be_taken_is_held_with_its_key_as_in_the_live_tables(
    story: Story, freshness: Freshness
) -> None:
    first, second = story.report("SAT-1"), story.report("SAT-2")
    for report, sections in ((first, ("scope", "poison", "alarms")), (second, ("scope", "alarms"))):
        for section in sections:
            story.section_saved(report, section, {"text": "x"})
    projections = [telling({"poison"})]
    with (
        copies_of(story, freshness, projections) as copies,
        copies.as_of("told", story.log.head()) as copy,
    ):
        assert told_of(copy.database) == {first: "scope,", second: "scope,alarms,"}
        assert [(letter.position, letter.failed) for letter in copy.letters] == [(4, True), (5, False)]
        assert copy.stale().concern(first)
        assert not copy.stale().concern(second)


def test_one_key_is_read_from_the_whole_log_while_the_audit_log_holds_something_back(
    story: Story, runner: Runner, freshness: Freshness
) -> None:
    report = story.report()
    rendering = story.rendering(report)
    runner.catch_up()
    head = story.log.head()
    with story.databases.read.write() as connection:  # as if it had not taken the rendering
        connection.exec_driver_sql("DELETE FROM audit_log_v1 WHERE position > 1")
    with copies_of(story, freshness) as copies, copies.as_of("document_store", head, report) as copy:
        assert rows_of(copy.database, copy.projection)["document_store"] == []
    with story.databases.read.write() as connection:
        letter = {"name": "audit_log", "build": 1, "position": head, "segment": 0, "key": rendering}
        unread = {
            "also": [],
            "stream": rendering,
            "version": 1,
            "topic": "rendering.requested",
            "failed": True,
        }
        connection.execute(dead_letters.insert().values(**letter, **unread))
    with copies_of(story, freshness) as copies, copies.as_of("document_store", head, report) as copy:
        (row,) = rows_of(copy.database, copy.projection)["document_store"]
        assert row["rendering_id"] == rendering


def test_a_key_is_not_told_of_before_the_audit_log_has_come_so_far(
    story: Story, freshness: Freshness
) -> None:
    report = story.report()
    with copies_of(story, freshness, build_s=0.05) as copies:
        with pytest.raises(NotThereYet), copies.as_of("document_store", 1, report):
            pass
        with copies.as_of("report_register", 1, report) as copy:
            assert reports(copy) == {report}
