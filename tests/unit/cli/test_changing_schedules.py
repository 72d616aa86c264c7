"""What `countersign schedules change` takes as a change, and what stays."""

from __future__ import annotations

import argparse
from typing import Any, Final
from uuid import UUID

import pytest

from countersign.aggregates.periodic_work import MissedPolicy
from countersign.aggregates.schedule.cadence import Cadence, Rhythm, Weekday
from countersign.aggregates.schedule.report_query import ReportQuery
from countersign.cli.invocation import UsageError
from countersign.cli.schedules.changing import CHANGE, changes_of

ONE = UUID(int=1)
BERLIN: Final[dict[str, Any]] = {"time_zone": "Europe/Berlin"}
BEFORE = Cadence(rhythm=Rhythm.DAILY, at="06:00", **BERLIN)


def changes(*said: str) -> Any:
    parser = argparse.ArgumentParser()
    CHANGE.add_arguments(parser)
    return changes_of(parser.parse_args([str(ONE), *said]), BEFORE)


@pytest.mark.parametrize(
    ("said", "cadence"),
    [
        (("--daily", "07:30"), Cadence(rhythm=Rhythm.DAILY, at="07:30", **BERLIN)),
        (
            ("--weekly", "Mon,thu", "07:30"),
            Cadence(rhythm=Rhythm.WEEKLY, at="07:30", weekdays=(Weekday.MONDAY, Weekday.THURSDAY), **BERLIN),
        ),
        (("--monthly", "31", "07:30"), Cadence(rhythm=Rhythm.MONTHLY, at="07:30", day=31, **BERLIN)),
        (
            ("--cron", "30 6 * * *", "--time-zone", "UTC"),
            Cadence(rhythm=Rhythm.CRON, expression="30 6 * * *", time_zone="UTC"),
        ),
        (("--time-zone", "UTC"), Cadence(rhythm=Rhythm.DAILY, at="06:00", time_zone="UTC")),
    ],
)
def test_a_rhythm_is_by_the_clocks_of_before_unless_others_are_named(
    said: tuple[str, ...], cadence: Cadence
) -> None:
    assert changes(*said) == {"cadence": cadence}


def test_what_is_not_named_stays() -> None:
    assert changes("--name", "Evenings") == {"name": "Evenings"}
    assert changes("--missed", "skip") == {"missed": MissedPolicy.SKIP}
    assert changes("--recipient", str(ONE)) == {"recipients": (ONE,)}


def test_a_search_takes_the_place_of_a_query() -> None:
    assert changes("--search", str(ONE)) == {"search": ONE, "query": ReportQuery()}


@pytest.mark.parametrize("said", [(), ("--weekly", "mon,someday", "07:30"), ("--monthly", "first", "07:30")])
def test_what_cannot_be_read_is_asked_for_again(said: tuple[str, ...]) -> None:
    with pytest.raises(UsageError):
        changes(*said)
