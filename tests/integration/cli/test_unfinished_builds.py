"""Builds that were begun before, take too long, or are made by somebody else."""

from __future__ import annotations

import json

from countersign.aggregates.read_model import ReadModel
from tests.integration.cli.installation import PASSWORD, Installation
from tests.integration.cli.projection_orders import ORDER, happen, order, ordered, shown


def test_a_build_that_somebody_else_makes_is_left_to_them_or_cancelled(on_sqlite: Installation) -> None:
    happen(on_sqlite)
    on_sqlite.project()
    assert order(on_sqlite, "rebuild", "people", "--no-wait").json["orders"][0]["build"] == 2
    assert shown(on_sqlite, "people")[2]["status"] == "building"
    assert order(on_sqlite, "compare", "people").status == 1
    assert order(on_sqlite, "cancel", "people").status == 0
    assert shown(on_sqlite, "people")[2]["status"] == "cancelled"


def test_a_rebuild_that_was_begun_is_gone_on_with_and_needs_no_order(on_sqlite: Installation) -> None:
    happen(on_sqlite)
    on_sqlite.project()
    order(on_sqlite, "rebuild", "people", "--no-wait")
    before = len(ordered(on_sqlite))
    said = on_sqlite.run("projections", "rebuild", "people")
    assert said.status == 0, said.err
    assert "build 2 was ordered before and is under way: going on with it." in said.out
    assert [type(each.event) for each in ordered(on_sqlite)[before:]] == [ReadModel.Promoted]


def test_a_comparison_that_was_begun_is_gone_on_with_and_needs_no_order(on_sqlite: Installation) -> None:
    happen(on_sqlite)
    on_sqlite.project()
    order(on_sqlite, "compare", "people", "--no-wait")
    said = on_sqlite.run("projections", "compare", "people")
    assert said.status == 0, said.err
    assert "build 2 was ordered before and is under way: going on with it." in said.out
    assert "no rows different from before. build 2 follows the log" in said.out


def test_what_cannot_be_shown_in_time_is_left_to_the_workers(on_sqlite: Installation) -> None:
    happen(on_sqlite)
    on_sqlite.project()
    order(on_sqlite, "pause", "people")
    order(on_sqlite, "rebuild", "people", "--no-wait")
    said = on_sqlite.run("projections", "rebuild", "people", "--timeout", "0.2")
    assert said.status == 4
    assert "not finished: people is paused; `countersign projections resume people`" in said.err


def test_progress_is_told_a_line_an_object(on_sqlite: Installation) -> None:
    happen(on_sqlite)
    on_sqlite.project()
    said = on_sqlite.run("projections", "rebuild", "people", *ORDER, "--json-lines", typed=PASSWORD)
    lines = [json.loads(line) for line in said.out.splitlines()]
    assert lines[-1]["status"] == "live"
    assert lines[0]["projection"] == "people"
    assert {"done", "total", "rate", "remaining_s"} <= lines[0].keys()
    left = on_sqlite.run(
        "projections", "rebuild", "people", *ORDER, "--json-lines", "--no-wait", typed=PASSWORD
    )
    assert [json.loads(line)["build"] for line in left.out.splitlines()] == [3]
