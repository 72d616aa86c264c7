"""Events that read tables could not take are listed, tried again and passed over, from the command line."""

from __future__ import annotations

from uuid import uuid4

import pytest

from countersign.aggregates.report.report import Report
from countersign.aggregates.role import Role
from countersign.aggregates.roster import ROSTER_ID, Roster
from countersign.cli.main import main
from countersign.commands.account.register_account import RegisterAccount
from countersign.eventstore.context import Context
from tests.integration.cli.installation import ADMINISTRATOR, PASSWORD, Installation, Said

NAME = "section_current"
WHY = "the event was damaged"
OPERATOR = "olga@example.com"
DAMAGE = (
    "UPDATE events SET state = CAST(CASE WHEN ? THEN substr(state, 6) ELSE 'spoil' || state END "
    "AS BLOB) WHERE topic = ? RETURNING position"
)
COUNT = "SELECT count(*) FROM section_current WHERE section = 'summary'"


@pytest.fixture
def position(on_sqlite: Installation) -> int:
    """Of an event that nobody can read, while all tables but its own have gone on."""
    with on_sqlite.story() as story:
        report = story.report()
        story.section_saved(report, "summary", {"text": "All is well."})
    at = spoil(on_sqlite)
    on_sqlite.project()
    return at


def spoil(installation: Installation, *, back: bool = False) -> int:
    with installation.opened() as base, base.databases.log.write() as connection:
        found = connection.exec_driver_sql(DAMAGE, (back, Report.SectionSaved.TOPIC))
        return int(found.scalar_one())


def register_operator(installation: Installation) -> None:
    newcomer = RegisterAccount(
        account_id=uuid4(), name="Olga", email=OPERATOR, password=PASSWORD, role=Role.OPERATOR
    )
    with installation.opened() as base:
        roster = base.store.aggregates.find(Roster, ROSTER_ID)
        assert roster is not None
        (administrator,) = roster.administrators
        base.dispatcher.dispatch(
            newcomer, Context(actor=administrator, command_key=str(uuid4()), correlation="test")
        )


def letters(installation: Installation, *arguments: str, by: str = ADMINISTRATOR) -> Said:
    who = ("--reason", WHY, "--as", by, "--password-stdin", "--json")
    return installation.run("projections", "dead-letters", *arguments, *who, typed=PASSWORD)


def listed(installation: Installation) -> list[tuple[str, int]]:
    said = installation.run("projections", "dead-letters", "list", NAME, "--json")
    return [(letter["name"], letter["position"]) for letter in said.json["letters"]]


def test_a_letter_is_listed_and_shown_with_why_it_failed(on_sqlite: Installation, position: int) -> None:
    assert listed(on_sqlite) == [(NAME, position)]
    assert "report.section_saved" in on_sqlite.run("projections", "dead-letters").out
    shown = on_sqlite.run("projections", "dead-letters", "show", NAME, str(position))
    assert "UnreadableEvent" in shown.out
    assert "All is well" not in shown.out
    (lag,) = on_sqlite.run("projections", "lag", NAME, "--json").json["projections"]
    assert (lag["letters"], lag["events"]) == (1, 0)

    missing = on_sqlite.run("projections", "dead-letters", "show", NAME, "1")
    assert (missing.status, missing.err) == (1, f"{NAME} has no dead letter at position 1.\n")


def test_what_was_mended_is_tried_again(on_sqlite: Installation, position: int) -> None:
    assert letters(on_sqlite, "retry", NAME, "1").status == 1
    spoil(on_sqlite, back=True)
    assert letters(on_sqlite, "retry", NAME).status == 0
    on_sqlite.project()

    assert listed(on_sqlite) == []
    with on_sqlite.opened() as base, base.databases.read.read() as connection:
        assert connection.exec_driver_sql(COUNT).scalar_one() == 1


def test_a_letter_is_passed_over_when_two_people_agree(on_sqlite: Installation, position: int) -> None:
    at = str(position)
    register_operator(on_sqlite)
    dry = on_sqlite.run("projections", "dead-letters", "discard", NAME, at, "--dry-run", "--json")
    assert (dry.status, dry.json["orders"][0]["letters"]) == (0, 1)
    assert letters(on_sqlite, "discard", NAME, at, "--approve", by=OPERATOR).status == 1
    assert letters(on_sqlite, "discard", NAME, at).status == 0
    assert WHY in on_sqlite.run("projections", "dead-letters", "show", NAME, at).out

    alone = letters(on_sqlite, "discard", NAME, at, "--approve")
    assert (alone.status, alone.json["orders"][0]["refused"]) == (
        1,
        "you have proposed it yourself: another operator approves",
    )
    assert letters(on_sqlite, "discard", NAME, at, "--approve", by=OPERATOR).status == 0
    on_sqlite.project()
    assert listed(on_sqlite) == []


@pytest.mark.parametrize("limit", ["-1", "0", "10001", "x"])
def test_a_list_has_a_length(capsys: pytest.CaptureFixture[str], limit: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["projections", "dead-letters", "list", "--limit", limit])
    assert ended.value.code == 2
    assert "--limit" in capsys.readouterr().err
