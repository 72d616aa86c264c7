"""Figures over time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from countersign.eventstore.databases import Database, Databases
from countersign.projections.health import effect_counts, metrics_samples
from countersign.projections.health.effect_counts import Counted, add_counts, bucket_of, counts
from countersign.projections.health.figure import Figure
from countersign.projections.health.metrics_samples import (
    forget_before,
    keep_samples,
    names_of_samples,
    roll_up,
    samples_of,
)
from countersign.projections.health.trends import Direction, trends

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def read(databases: Databases) -> Database:
    databases.read.create(metrics_samples.metadata, effect_counts.metadata)
    return databases.read


def waiting(value: float, queue: str = "mail") -> Figure:
    return Figure("queue_waiting", value, {"queue": queue})


def sample(read: Database, *values: float) -> None:
    for number, value in enumerate(values):
        keep_samples(read, [waiting(value), waiting(0.0, "webhooks")], NINE + number * timedelta(minutes=5))


def test_of_two_who_take_a_sample_at_once_the_first_counts(read: Database) -> None:
    assert keep_samples(read, [waiting(1.0)], NINE) == 1
    assert keep_samples(read, [waiting(2.0)], NINE) == 0
    assert keep_samples(read, [], NINE) == 0
    assert names_of_samples(read) == [("queue_waiting", "queue=mail")]


def test_a_trend_tells_where_a_figure_goes(read: Database) -> None:
    sample(read, 0.0, 2.0, 4.0, 6.0)
    mail, webhooks = trends(
        samples_of(read, "queue_waiting", since=NINE, before=NINE + DAY), timedelta(minutes=10)
    )

    assert [(point.least, point.mean, point.most) for point in mail.points] == [
        (0.0, 1.0, 2.0),
        (4.0, 5.0, 6.0),
    ]
    assert (mail.label, mail.direction, mail.per_hour) == ("queue=mail", Direction.RISING, 24.0)
    assert (webhooks.direction, webhooks.per_hour) == (Direction.STEADY, 0.0)
    falling = trends(
        samples_of(read, "queue_waiting", label="queue=mail", since=NINE, before=NINE + DAY), DAY
    )
    assert falling[0].direction is Direction.STEADY  # one point goes nowhere


def test_of_long_ago_the_hours_are_kept_however_often_they_are_rolled_up(read: Database) -> None:
    sample(read, *map(float, range(14)))
    before = list(samples_of(read, "queue_waiting", label="queue=mail", since=NINE, before=NINE + DAY))
    assert len(before) == 14
    assert roll_up(read, NINE + timedelta(hours=1, minutes=30)) == 24
    assert roll_up(read, NINE + timedelta(hours=1, minutes=30)) == 0

    first, *later = samples_of(read, "queue_waiting", label="queue=mail", since=NINE, before=NINE + DAY)
    assert (first.least, first.most, first.mean, first.count) == (0.0, 11.0, 5.5, 12)
    assert [each.most for each in later] == [12.0, 13.0]
    assert forget_before(read, NINE + DAY) == 6


def test_what_is_known_to_be_rolled_up_is_not_looked_at_again(read: Database) -> None:
    sample(read, 1.0)
    later = NINE + timedelta(hours=2)
    keep_samples(read, [waiting(2.0), waiting(0.0, "webhooks")], later)

    assert roll_up(read, NINE + DAY, since=later + timedelta(minutes=59)) == 2
    assert roll_up(read, NINE + DAY) == 4


def test_the_counts_of_all_workers_are_one(read: Database) -> None:
    one = Counted("mail", "deliver_email", "done", bucket_of(0.02), 3, 0.06)
    add_counts(read, [one])
    add_counts(read, [one, Counted("mail", "deliver_email", "done", bucket_of(9_999), 1, 9_999.0)])
    add_counts(read, [])

    slow, quick = counts(read)
    assert (slow.up_to_s, slow.count) == ("+Inf", 1)
    assert (quick.up_to_s, quick.count, round(quick.seconds, 2)) == ("0.05", 6, 0.12)
