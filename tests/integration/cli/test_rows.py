"""`countersign projections rows`: read tables as they are and as they were."""

from __future__ import annotations

import csv
import io
from typing import Any
from uuid import UUID

from tests.integration.cli.installation import Installation

FORMULA = '=HYPERLINK("http://evil.example")'


def told(installation: Installation) -> tuple[UUID, UUID, int]:
    """Two reports, and where the log stood before the second one was begun and the first one changed."""
    with installation.story() as story:
        first = story.report("SAT-1", "Boiler house")
        story.submitted(first)
        before = story.log.head()
        second = story.report("SAT-2", FORMULA)
        story.header_changed(first, document_title=("Boiler house", "Pump house"))
    installation.project()
    return first, second, before


def rows(installation: Installation, *arguments: str, name: str = "report_register") -> list[dict[str, Any]]:
    said = installation.run("projections", "rows", name, "--json", *arguments)
    assert said.status == 0, said.err
    found: list[dict[str, Any]] = said.json["tables"][name]
    return found


def test_the_rows_are_those_of_now_or_of_a_position(installation: Installation) -> None:
    first, second, before = told(installation)

    assert {row["title"] for row in rows(installation)} == {"Pump house", FORMULA}
    (then,) = rows(installation, "--as-of", str(before))
    assert (then["report_id"], then["title"], then["status"]) == (str(first), "Boiler house", "in_review")
    assert rows(installation, "--as-of", f"position:{before}", "--key", str(first)) == [then]
    assert rows(installation, "--as-of", f"position:{before}", "--key", str(second)) == []
    (now,) = rows(installation, "--key", str(second))
    assert now["title"] == FORMULA
    assert rows(installation, "--as-of", "2001-01-01T00:00:00Z") == []


def test_all_tables_of_a_read_model_are_shown_by_their_names(installation: Installation) -> None:
    first, _, before = told(installation)
    said = installation.run("projections", "rows", "revision_history", "--as-of", str(before), "--json")

    assert said.json["position"] == before
    assert [step["status"] for step in said.json["tables"]["revision_history_step"]] == ["draft", "in_review"]
    table = ("--table", "revision_history_step", "--key", str(first))
    shown = installation.run("projections", "rows", "revision_history", *table, "--as-of", str(before))
    assert f"2 rows as of position {before}." in shown.out


def test_a_spreadsheet_takes_no_cell_for_a_formula(installation: Installation) -> None:
    told(installation)
    said = installation.run("projections", "rows", "report_register", "--csv")

    cells = list(csv.DictReader(io.StringIO(said.out)))
    assert {cell["title"] for cell in cells} == {"Pump house", f"'{FORMULA}"}
    assert all(cell["document_number"].startswith("SAT-") for cell in cells)


def test_more_events_than_the_cap_are_replayed_only_when_one_says_so(installation: Installation) -> None:
    first, _, before = told(installation)
    as_of = ("--as-of", str(before))
    refused = installation.run("projections", "rows", "report_register", *as_of, "--cap", str(before - 1))

    assert refused.status == 1
    assert "--cap N" in refused.err
    assert len(rows(installation, *as_of, "--cap", str(before))) == 1
    assert len(rows(installation, *as_of, "--cap", str(before - 1), "--key", str(first))) == 1


def test_what_is_no_moment_no_key_and_no_table_is_refused(installation: Installation) -> None:
    told(installation)
    for wrong in (
        ("--as-of", "yesterday"),
        ("--as-of", "2026-01-01T00:00:00"),
        ("--as-of", "2126-01-01T00:00:00Z"),
        ("--as-of", "999999"),
        ("--key", "SAT-1"),
        ("--table", "sqlite_master"),
    ):
        assert installation.run("projections", "rows", "report_register", *wrong).status == 2, wrong
