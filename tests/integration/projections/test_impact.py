"""What an order would touch, said before it is given."""

from __future__ import annotations

import pytest
from sqlalchemy import text, update

from countersign.aggregates.read_model_builds import Promote
from countersign.projections.building import builds
from countersign.projections.building.schema import drop
from countersign.projections.catalogue import PROJECTIONS, projection_named
from countersign.projections.following.runner import Runner
from countersign.projections.orders.impact import ASSUMED_RATE, Impact, Order, impact
from countersign.projections.orders.inspection import inspected
from tests.integration.projections.desk import Desk
from tests.integration.projections.journal import MANAGER
from tests.integration.projections.story import Story

REGISTER = projection_named("report_register")


def told(desk: Desk, order: Order, build: int | None = None, *, keep: bool = True) -> Impact:
    with desk.read.read() as connection:
        seen = inspected(connection, desk.read, REGISTER, desk.journal.log.head())
        return impact(connection, order, seen, build, keep=keep)


def fates(found: Impact) -> list[tuple[str, str]]:
    return [(table.table, table.fate) for table in found.tables]


@pytest.fixture
def written(story: Story, runner: Runner) -> int:
    """The position at which readers see one report, its document and a mail about it."""
    job = story.report()
    story.submitted(job)
    story.mail_sent(story.mail(story.stage_opened(job), MANAGER))
    story.rendered(story.rendering(job))
    runner.catch_up()
    runner.release()
    return story.log.head()


@pytest.mark.parametrize(("keep", "fate"), [(True, "kept"), (False, "dropped")])
def test_a_rebuild_reads_every_event_and_causes_nothing(
    desk: Desk, written: int, keep: bool, fate: str
) -> None:
    found = told(desk, Order.REBUILD, keep=keep)

    tables = [table.name for table in REGISTER.tables]
    assert fates(found) == [
        *((f"{table}_b2", "made") for table in tables),
        *((table, fate) for table in tables),
    ]
    rows = {table.table: table.rows for table in found.tables}
    assert rows["report_register_v1"] == rows["report_register_v1_b2"] == 1
    assert all((table.size_bytes or 0) > 0 for table in found.tables)
    assert (found.build, found.position, found.head, found.events) == (2, written, written, written)
    assert (found.mails, found.documents) == (1, 1)
    assert (found.seconds, found.measured) == (written / ASSUMED_RATE, False)


def test_what_is_about_a_build_names_its_tables(desk: Desk, written: int) -> None:
    desk.rebuild(REGISTER, promote=Promote.NEVER)
    shown, beside = ([f"{table.name}{suffix}" for table in REGISTER.tables] for suffix in ("", "_b2"))

    for order, of_beside, of_shown in (
        (Order.PROMOTE, "shown", "kept"),
        (Order.ROLLBACK, "shown", "kept"),
        (Order.RETIRE, "dropped", "left"),
        (Order.CANCEL, "dropped", "left"),
        (Order.COMPARE, "compared", "compared"),
    ):
        assert fates(told(desk, order, 2)) == [
            *((table, of_beside) for table in beside),
            *((table, of_shown) for table in shown),
        ]
    for order, fate in ((Order.PAUSE, "left"), (Order.RESUME, "written"), (Order.RETRY, "written")):
        assert fates(told(desk, order)) == [(table, fate) for table in shown]
    assert told(desk, Order.CANCEL, 2).events == 0
    assert told(desk, Order.PROMOTE, 2).events == desk.journal.log.head() - written


def test_the_time_is_estimated_from_the_best_build_that_had_much_to_read(desk: Desk, written: int) -> None:
    desk.rebuild(REGISTER)
    assert not told(desk, Order.REBUILD).measured  # so short a log says nothing
    report = {"position": 40_000, "rows": 1, "different": 0, "tables": {}}
    with desk.read.write() as connection:
        connection.execute(update(builds.builds).values(report=report, created_at=100.0, finished_at=102.0))

    found = told(desk, Order.REBUILD)
    assert (found.measured, found.seconds) == (True, found.events / 20_000)


def test_where_all_is_lost_the_new_tables_are_named(desk: Desk, written: int) -> None:
    drop(desk.read, PROJECTIONS)
    found = told(desk, Order.REBUILD)

    assert fates(found) == [(table.name, "made") for table in REGISTER.tables]
    assert (found.build, found.position, found.events) == (1, 0, written)
    assert (found.mails, found.documents) == (None, None)


def test_a_table_that_somebody_dropped_is_passed_over(desk: Desk, written: int) -> None:
    with desk.read.write() as connection:
        cascade = "" if desk.read.dialect == "sqlite" else " CASCADE"
        connection.execute(text(f"DROP TABLE report_register_v{REGISTER.version}{cascade}"))

    assert f"report_register_v{REGISTER.version}" not in dict(fates(told(desk, Order.PAUSE)))
