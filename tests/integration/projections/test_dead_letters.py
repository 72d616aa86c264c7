from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import CheckConstraint, MetaData, event, text

from countersign.aggregates.read_model import ReadModel, read_model_id
from countersign.aggregates.role import Role
from countersign.eventstore.log import Append, NewEvent
from countersign.projections.building.schema import create
from countersign.projections.catalogue import projection_named
from countersign.projections.following import positions
from countersign.projections.following.positions import State
from countersign.projections.following.runner import Runner
from countersign.projections.letters import dead_letters
from countersign.projections.letters.dead_letters import Letter, Wanted
from countersign.projections.letters.dead_letters_queries import letters_at
from tests.integration.projections.conftest import MakeRunner
from tests.integration.projections.poisoned import NAME, telling, told_of
from tests.integration.projections.story import Story

PEOPLE = projection_named("people")
ONE, OTHER = UUID(int=1), UUID(int=2)

MakeTeller = Callable[..., Runner]


@pytest.fixture
def make_teller(story: Story, make_runner: MakeRunner) -> MakeTeller:
    """A runner of a projection that cannot take these sections; it looks at its letters at every step."""
    create(story.databases.read, [telling()])

    def make(poison: Collection[str] = (), holder: str = "first", **options: int) -> Runner:
        return make_runner(holder, [telling(poison)], lease_ttl_s=0.0, **options)

    return make


def saved(story: Story, report: UUID, *sections: str) -> None:
    for section in sections:
        story.section_saved(report, section, [])


def begun(story: Story) -> None:
    for report in (ONE, OTHER):
        story.report(report=report)


def letters(story: Story, name: str = NAME) -> list[Letter]:
    with story.databases.read.read() as connection:
        return dead_letters.letters_of(connection, (name, 1, 0))


def summary(found: Iterable[Letter]) -> list[tuple[int, bool, int]]:
    return [(each.position, each.failed, each.attempts) for each in found]


def wanted(story: Story, what: Wanted, *at: int) -> None:
    with story.databases.read.write() as connection:
        dead_letters.want(connection, NAME, 1, what, at)


def told(story: Story) -> tuple[str, str]:
    rows = told_of(story.databases.read)
    return rows[ONE], rows[OTHER]


def test_an_event_that_cannot_be_taken_is_parked_with_its_key_and_the_rest_goes_on(
    story: Story, make_teller: MakeTeller, caplog: pytest.LogCaptureFixture
) -> None:
    begun(story)
    saved(story, ONE, "a", "poison", "b")
    saved(story, OTHER, "a")
    saved(story, ONE, "c")
    saved(story, OTHER, "b")
    make_teller(["poison"]).catch_up()
    assert told(story) == ("a,", "a,b,")
    assert summary(letters(story)) == [(4, True, 1), (5, False, 0), (7, False, 0)]
    assert {each.key for each in letters(story)} == {ONE}
    first = letters(story)[0]
    assert (first.error_class, first.error) == ("ValueError", "poison cannot be told")
    assert f"parked the key {ONE} at position 4: ValueError" in caplog.text
    with story.databases.read.read() as connection:
        at = positions.load(connection)[NAME, 1, 0]
    assert (at.state, at.position) == (State.RUNNING, 8)


def test_later_pages_hold_what_follows_on_a_parked_key(story: Story, make_teller: MakeTeller) -> None:
    begun(story)
    saved(story, ONE, "poison")
    runner = make_teller(["poison"])
    runner.catch_up()
    saved(story, ONE, "a")
    saved(story, OTHER, "a")
    runner.catch_up()
    assert summary(letters(story)) == [(3, True, 1), (4, False, 0)]
    assert told(story) == ("", "a,")


def test_a_page_without_letters_costs_no_savepoint_and_no_look_at_letters(
    story: Story, make_runner: MakeRunner
) -> None:
    create(story.databases.read, [telling()])
    begun(story)
    runner = make_runner(projections=[telling()])
    runner.catch_up()
    saved(story, ONE, "a", "b")
    statements: list[str] = []
    with story.databases.read.write() as connection:
        engine = connection.engine
    event.listen(engine, "before_cursor_execute", lambda *told: statements.append(told[2]))
    event.listen(engine, "savepoint", lambda *told: statements.append("SAVEPOINT"))
    runner.catch_up()
    assert told(story)[0] == "a,b,"
    assert any("projection_positions" in each for each in statements)
    assert not [each for each in statements if "dead_letters" in each or "SAVEPOINT" in each]


def test_a_new_owner_knows_which_keys_are_parked(story: Story, make_teller: MakeTeller) -> None:
    begun(story)
    saved(story, ONE, "poison")
    first = make_teller(["poison"])
    first.catch_up()
    first.release()
    saved(story, ONE, "a")
    make_teller(["poison"], "second").catch_up()
    assert summary(letters(story)) == [(3, True, 1), (4, False, 0)]


def test_many_failing_events_of_one_page_are_all_found(story: Story, make_teller: MakeTeller) -> None:
    reports = [story.report(f"SAT-{number}") for number in range(40)]
    for number, report in enumerate(reports):
        saved(story, report, "poison" if number % 3 == 0 else "fine", "later")
    make_teller(["poison"]).catch_up()
    rows = told_of(story.databases.read)
    for number, report in enumerate(reports):
        assert rows[report] == ("" if number % 3 == 0 else "fine,later,")
    assert len(letters(story)) == 28


def test_a_retry_with_a_mended_projection_drains_in_order(story: Story, make_teller: MakeTeller) -> None:
    begun(story)
    saved(story, ONE, "a", "poison", "b")
    broken = make_teller(["poison"])
    broken.catch_up()
    broken.release()
    saved(story, ONE, "c")
    mended = make_teller((), "mended")
    mended.catch_up()
    assert told(story)[0] == "a,", "nothing is tried before somebody says so"
    wanted(story, Wanted.RETRY)
    saved(story, ONE, "d")
    mended.catch_up()
    assert told(story)[0] == "a,poison,b,c,d,"
    assert letters(story) == []
    saved(story, ONE, "e")
    mended.catch_up()
    assert told(story)[0] == "a,poison,b,c,d,e,"


def test_a_retry_in_vain_counts_and_keeps_the_order(story: Story, make_teller: MakeTeller) -> None:
    begun(story)
    saved(story, ONE, "poison", "a", "venom", "b")
    runner = make_teller(["poison", "venom"])
    runner.catch_up()
    wanted(story, Wanted.RETRY)
    runner.catch_up()
    assert summary(letters(story)) == [(3, True, 2), (4, False, 0), (5, False, 0), (6, False, 0)]
    runner.release()
    half_mended = make_teller(["venom"], "half")
    wanted(story, Wanted.RETRY)
    half_mended.catch_up()
    assert told(story)[0] == "poison,a,"
    assert summary(letters(story)) == [(5, True, 1), (6, False, 0)]
    assert {each.wanted for each in letters(story)} == {Wanted.NOTHING}


def test_what_is_discarded_is_passed_over_and_the_rest_drained(story: Story, make_teller: MakeTeller) -> None:
    begun(story)
    saved(story, ONE, "a", "poison", "b", "c")
    runner = make_teller(["poison"])
    runner.catch_up()
    wanted(story, Wanted.DISCARD, 4, 6)
    runner.catch_up()
    assert told(story)[0] == "a,b,"
    assert letters(story) == []


def test_each_segment_of_a_projection_parks_and_drains_its_own_keys(
    story: Story, make_runner: MakeRunner
) -> None:
    create(story.databases.read, [telling()], {NAME: 3})
    reports = [UUID(int=number) for number in range(1, 7)]
    for report in reports:
        story.report(report=report)
        saved(story, report, "poison" if report.int < 4 else "a", "b")
    broken = make_runner("broken", [telling(["poison"])])
    broken.catch_up()
    broken.release()
    with story.databases.read.read() as connection:
        parked = dead_letters.counts(connection, [NAME])
    assert {segment: each.letters for (_, _, segment), each in parked.items()} == {0: 2, 1: 2, 2: 2}
    wanted(story, Wanted.RETRY)
    make_runner("mended", [telling()]).catch_up()
    rows = told_of(story.databases.read)
    assert rows == {report: "poison,b," if report.int < 4 else "a,b," for report in reports}
    with story.databases.read.read() as connection:
        assert not dead_letters.counts(connection, [NAME])


def test_what_operators_order_is_obeyed_by_the_owner(story: Story, make_teller: MakeTeller) -> None:
    begun(story)
    saved(story, ONE, "poison", "a", "poison", "b")
    runner = make_teller(["poison"])
    runner.catch_up()
    model = read_model_id(NAME)
    story.happen(model, ReadModel.Created, name=NAME)
    story.happen(model, ReadModel.LettersRetried, positions=(), reason="it may be mended")
    runner.catch_up()
    assert [each.attempts for each in letters(story)] == [2, 0, 0, 0]
    said: dict[str, Any] = {"position": 3, "reason": "it will never fit"}
    story.happen(model, ReadModel.DiscardProposed, **said, proposed_by=ONE)
    runner.catch_up()
    assert len(letters(story)) == 4
    story.happen(model, ReadModel.DiscardApproved, **said, approved_by=OTHER)
    runner.catch_up()
    assert told(story)[0] == "a,"
    assert summary(letters(story)) == [(5, True, 1), (6, False, 0)]


def test_what_waits_for_another_key_is_taken_after_it(story: Story, make_runner: MakeRunner) -> None:
    board = projection_named("mail_outbox")
    report = story.report()
    with story.databases.read.write() as connection:
        connection.execute(text("ALTER TABLE mail_outbox_cause_v2 RENAME TO aside"))
        fussy = board.tables[0] if "cause" in board.tables[0].name else board.tables[1]
        strict = fussy.to_metadata(MetaData())
        strict.append_constraint(CheckConstraint("report_id IS NULL"))
        strict.create(connection)
    runner = make_runner(projections=[board], lease_ttl_s=0.0)
    cause = story.stage_opened(report)
    mail = story.mail(cause, ONE)
    story.mail_sent(mail)
    runner.catch_up()
    assert [each.failed for each in letters(story, "mail_outbox")] == [True, False, False, False]
    with story.databases.read.write() as connection:
        connection.execute(text("DROP TABLE mail_outbox_cause_v2"))
        connection.execute(text("ALTER TABLE aside RENAME TO mail_outbox_cause_v2"))
        dead_letters.want(connection, "mail_outbox", 1, Wanted.RETRY)
    runner.catch_up()
    with story.databases.read.read() as connection:
        row = connection.execute(text("SELECT report_id, state FROM mail_outbox")).one()
    assert (UUID(str(row.report_id)), row.state) == (report, "sent")


def test_more_parked_keys_than_allowed_stop_the_unit_and_park_nothing_of_that_page(
    story: Story, make_teller: MakeTeller
) -> None:
    saved(story, story.report(), "poison")
    runner = make_teller(["poison"], letters_max=2)
    runner.catch_up()
    for _ in range(3):
        saved(story, story.report(), "poison")
    runner.catch_up()
    with story.databases.read.read() as connection:
        at = positions.load(connection)[NAME, 1, 0]
    assert (at.state, at.position, at.error_class) == (State.FAILED, 2, "TooManyLetters")
    assert len(letters(story)) == 1


def test_what_cannot_be_read_is_parked_by_its_stream_in_every_projection_that_it_may_concern(
    story: Story, runner: Runner
) -> None:
    report = story.report()
    story.log.append(Append((NewEvent(report, 2, "report.from_the_future", b"{}", b"{}"),)))
    story.log.append(Append((NewEvent(report, 3, "report.section_saved", b"{}", b"{}"),)))
    runner.catch_up()
    assert [each.error_class for each in letters(story, "people")] == ["UnknownTopic"]
    assert summary(letters(story, "report_register")) == [(2, True, 1), (3, True, 1)]
    assert letters(story, "report_register")[1].error_class == "UnreadableEvent"
    assert letters(story, "report_register")[1].key == report


def test_what_an_older_program_did_not_know_is_tried_by_the_next_owner(
    story: Story, make_teller: MakeTeller
) -> None:
    begun(story)
    older = make_teller(holder="older")
    older.catch_up()
    older.release()
    saved(story, ONE, "a")
    with story.databases.read.write() as connection:
        newer = Letter(
            position=3, key=ONE, stream=ONE, version=2, topic="report.section_saved", failed=True,
            error_class="UnknownTopic", error="no event class is registered", attempts=1,
        )  # fmt: skip
        dead_letters.add(connection, (NAME, 1, 0), [newer])
        connection.execute(text("UPDATE projection_positions SET position = 3 WHERE name = 'told'"))
    make_teller().catch_up()
    assert told(story)[0] == "a,"
    assert letters(story) == []


def test_a_value_that_the_database_refuses_is_parked_and_not_told(
    story: Story, make_runner: MakeRunner, caplog: pytest.LogCaptureFixture
) -> None:
    strict = PEOPLE.tables[0].to_metadata(MetaData())
    strict.append_constraint(CheckConstraint("name = 'Bob'"))
    with story.databases.read.write() as connection:
        connection.execute(text("DROP VIEW people"))
        PEOPLE.tables[0].drop(connection)
        strict.create(connection)
    story.account(ONE, "Ann Personal", Role.ENGINEER)
    story.account(OTHER, "Bob", Role.ENGINEER)
    make_runner(projections=[PEOPLE]).catch_up()
    parked = letters(story, "people")
    assert summary(parked) == [(1, True, 1), (2, False, 0)]
    assert parked[0].error_class == "IntegrityError"
    assert "Ann" not in str(parked) + caplog.text


@pytest.mark.parametrize("position", [-1, 0, 2**63, 10**30])
def test_where_no_event_can_be_there_is_no_letter(story: Story, position: int) -> None:
    assert letters_at(story.databases.read, NAME, position) == ()


def test_letters_of_tables_that_are_gone_are_forgotten(story: Story, make_teller: MakeTeller) -> None:
    begun(story)
    saved(story, ONE, "poison")
    make_teller(["poison"]).catch_up()
    with story.databases.read.write() as connection:
        dead_letters.forget(connection, NAME, build=2)
        assert len(dead_letters.letters_of(connection, (NAME, 1, 0))) == 1
        dead_letters.forget(connection, NAME, build=1)
    assert letters(story) == []
