"""What takes room is shown, and periodic work is ordered, at the command line."""

from __future__ import annotations

from tests.integration.cli.installation import ADMINISTRATOR, PASSWORD, Installation


def test_the_databases_are_shown_for_people_and_for_scripts(installation: Installation) -> None:
    shown = installation.run("database")
    assert "events" in shown.out
    for what in ("tables", "indexes", "slow", "pool"):
        found = installation.run("database", what, "--json").json
        assert isinstance(found, dict)


def test_periodic_work_is_ordered_in_somebodys_name(on_sqlite: Installation) -> None:
    nameless = on_sqlite.run("maintenance", "run", "clean_up")
    assert (nameless.status, "--as" in nameless.err) == (2, True)

    order = ("maintenance", "run", "clean_up", "--as", ADMINISTRATOR, "--password-stdin", "--wait", "0")
    ordered = on_sqlite.run(*order, "--json", typed=PASSWORD)
    assert ordered.json["state"] == "due"
    unknown = on_sqlite.run(*(word.replace("clean_up", "spring_clean") for word in order), typed=PASSWORD)
    assert (unknown.status, "spring_clean" in unknown.err) == (1, True)
    assert on_sqlite.run("maintenance").out.startswith("Nothing was done yet")
