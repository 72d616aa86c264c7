"""Read tables are listed, made anew, compared, exchanged and paused, from the command line."""

from __future__ import annotations

from typing import Any

from sqlalchemy import update

from countersign.aggregates.read_model import ReadModel
from countersign.eventstore.context import SYSTEM
from countersign.projections.building import schema
from countersign.projections.catalogue import PROJECTIONS
from countersign.projections.following import positions
from tests.integration.cli.installation import ADMINISTRATOR, PASSWORD, Installation
from tests.integration.cli.projection_orders import (
    ORDER,
    WHY,
    forge,
    happen,
    head,
    on_a_terminal,
    order,
    ordered,
    shown,
)


def test_each_is_listed_with_its_lag(installation: Installation) -> None:
    installation.project()
    happen(installation)
    said = installation.run("projections", "list", "--json")
    assert said.status == 0
    assert [lag["name"] for lag in said.json["projections"]] == [each.name for each in PROJECTIONS]
    assert {lag["events"] for lag in said.json["projections"]} == {11}
    assert "report_register" in installation.run("projections").out


def test_the_lag_says_who_holds_it_and_that_nobody_does(on_sqlite: Installation) -> None:
    with on_sqlite.at_work():
        (held,) = on_sqlite.run("projections", "lag", "people", "--json").json["projections"]
        assert (held["holder"], held["events"], held["catch_up_s"]) == ("worker-1", 0, 0.0)
        assert held["held_since"] is not None
        assert "worker-1" in on_sqlite.run("projections", "lag").out

    said = on_sqlite.run("projections", "lag", "people")
    assert "Nobody moves them: start `countersign work`." in said.out


def test_all_are_rebuilt_and_equal_to_what_they_were(installation: Installation) -> None:
    happen(installation, live=True)
    installation.project()
    said = order(installation, "rebuild", "all")
    assert (said.status, said.json["refused"]) == (0, {}), said.err
    assert {each["projection"]: each["different"] for each in said.json["built"]} == {
        projection.name: 0 for projection in PROJECTIONS
    }
    assert {each["status"] for each in said.json["built"]} == {"live"}

    told = ordered(installation)
    assert [type(each.event) for each in told] == [
        ReadModel.Created,
        ReadModel.RebuildOrdered,
        ReadModel.Promoted,
    ]
    assert told[1].metadata.actor != SYSTEM == told[2].metadata.actor


def test_a_rebuild_brings_back_what_was_dropped(on_sqlite: Installation) -> None:
    happen(on_sqlite)
    with on_sqlite.opened() as base:
        schema.drop(base.databases.read, PROJECTIONS)
        schema.create(base.databases.read, ())
    said = on_sqlite.run("projections", "rebuild", "report_register", *ORDER, typed=PASSWORD)
    assert said.status == 0, said.err
    assert "report_register: 2 rows at position" in said.out
    assert "there is nothing to compare with" in said.out
    lags = on_sqlite.run("projections", "list", "--json").json["projections"]
    assert next(lag for lag in lags if lag["name"] == "report_register")["events"] == 1


def test_what_differs_is_reported_and_promoted_by_an_order_only(installation: Installation) -> None:
    happen(installation)
    installation.project()
    forge(installation)
    said = installation.run("projections", "rebuild", "report_register", *ORDER, typed=PASSWORD)
    assert said.status == 3
    assert "1 row different from before." in said.err
    assert shown(installation)[2]["status"] == "following"
    one = installation.run("projections", "show", "report_register", "--build", "2").out
    assert "title" in one
    assert "forged" not in one

    assert installation.run("projections", "compare", "report_register", "--build", "2").status == 3
    promoted = order(installation, "promote", "report_register")
    assert (promoted.status, promoted.json["built"][0]["status"]) == (0, "live"), promoted.err
    back = order(installation, "rollback", "report_register")
    assert (back.status, back.json["built"][0]["build"]) == (0, 1), back.err
    assert {number: build["status"] for number, build in shown(installation).items()} == {
        1: "live",
        2: "following",
    }
    assert order(installation, "retire", "report_register").json["orders"][0]["build"] == 2
    assert order(installation, "rollback", "report_register").status == 1


def test_a_dry_run_tells_everything_and_orders_nothing(installation: Installation) -> None:
    happen(installation)
    installation.project()
    before = head(installation)
    said = installation.run("projections", "rebuild", "people", "--dry-run")
    assert said.status == 0
    assert "people_v1_b2" in said.out
    assert "made anew" in said.out
    assert f"{before} events are read" in said.out
    assert "the 1 mails and 1 documents that these events have caused stay as they are" in said.out
    assert "This was a dry run: nothing was ordered." in said.out
    assert head(installation) == before

    refused = installation.run("projections", "rollback", "people", "--dry-run", "--json")
    assert refused.status == 1
    assert "no build for rollback" in refused.json["orders"][0]["refused"]


def test_a_script_says_why_and_in_whose_name(on_sqlite: Installation) -> None:
    before = head(on_sqlite)
    without = on_sqlite.run("projections", "pause", "people", "--as", ADMINISTRATOR)
    assert (without.status, without.err) == (2, "Say why: add `--reason TEXT`.\n")
    nameless = on_sqlite.run("projections", "pause", "people", "--reason", WHY)
    assert nameless.status == 2
    assert "add `--as E-MAIL`" in nameless.err
    short = on_sqlite.run("projections", "pause", "people", "--reason", "no", *ORDER[2:], typed=PASSWORD)
    assert short.status == 1
    assert "10 to 500 characters" in short.err
    stranger = on_sqlite.run("projections", "pause", "people", *ORDER, typed="wrong password")
    assert stranger.status == 1
    assert ordered(on_sqlite) == []
    assert head(on_sqlite) > before


def test_what_is_paused_stands_still_until_it_is_resumed(on_sqlite: Installation) -> None:
    on_sqlite.project()
    assert order(on_sqlite, "pause", "people").status == 0
    on_sqlite.project()
    lag = on_sqlite.run("projections", "lag", "people", "--json").json["projections"][0]
    assert (lag["state"], lag["events"] > 0) == ("paused", True)
    assert order(on_sqlite, "pause", "people").status == 1
    assert "It is paused." in on_sqlite.run("projections", "show", "people").out

    said = on_sqlite.run("projections", "resume", "people", *ORDER, typed=PASSWORD)
    assert said.out == "people goes on, as soon as its owner looks: within seconds.\n"
    on_sqlite.project()
    assert on_sqlite.run("projections", "lag", "people", "--json").json["projections"][0]["events"] == 0


def test_one_that_has_stopped_by_itself_is_resumed_too(on_sqlite: Installation) -> None:
    on_sqlite.project()
    with on_sqlite.opened() as base, base.databases.read.write() as connection:
        stopped = update(positions.positions).where(positions.positions.c.name == "people")
        connection.execute(stopped.values(state=positions.State.FAILED, error="disk full"))
    assert order(on_sqlite, "resume", "all").status == 0
    assert {lag["state"] for lag in on_sqlite.run("projections", "list", "--json").json["projections"]} == {
        "running"
    }


def test_who_runs_the_host_orders_while_nobody_else_can(nothing: Installation) -> None:
    nothing.run("init", "--admin-password-stdin", typed="too weak")
    said = nothing.run("projections", "pause", "people", "--reason", WHY)
    assert said.status == 0, said.err
    assert ordered(nothing)[-1].metadata.actor == SYSTEM


def test_an_unknown_name_is_a_wrong_call(on_sqlite: Installation) -> None:
    said = on_sqlite.run("projections", "rebuild", "reports", *ORDER)
    assert said.status == 2
    assert "report_register" in said.err


def test_on_a_terminal_a_bar_shows_how_far_it_is(on_sqlite: Installation) -> None:
    happen(on_sqlite)
    on_sqlite.project()
    order(on_sqlite, "rebuild", "report_register", "--no-wait")
    told = on_a_terminal("projections", "rebuild", "report_register", "--data-dir", str(on_sqlite.folder))
    assert "━" in told
    assert "/s" in told
    assert "report_register: 2 rows" in told


def test_on_a_terminal_it_says_what_it_touches_and_asks_for_what_is_missing(on_sqlite: Installation) -> None:
    on_sqlite.project()
    typed = f"{WHY}\n{ADMINISTRATOR}\n{PASSWORD}\n"
    place = ("--data-dir", str(on_sqlite.folder), "--password-stdin")
    told = on_a_terminal("projections", "pause", "people", *place, typed=typed)
    assert "left as it is" in told
    assert "Why? " in told
    assert "Your e-mail address" in told
    assert "people is paused" in told
    last: Any = ordered(on_sqlite)[-1].event
    assert last.reason == WHY
