"""Words to everybody in certain roles, at the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from countersign.cli.main import main
from tests.integration.cli.installation import ADMINISTRATOR, PASSWORD, Installation

AS = ("--as", ADMINISTRATOR, "--password-stdin")
WORDS = ("mail", "broadcast", "Away on Sunday", "--role", "administrator")


def test_an_administrator_writes_to_a_role_and_stops_it(on_sqlite: Installation, tmp_path: Path) -> None:
    assert on_sqlite.run("mail", "broadcasts").out == "There are none.\n"
    text = tmp_path / "text"
    text.write_text("From 08:00 to 10:00, for an upgrade.\n", "utf-8")
    rehearsed = on_sqlite.run(*WORDS, "--message-file", str(text), "--dry-run")
    assert rehearsed.out == "It would go to 1 person; nothing was mailed.\n"

    ordered = on_sqlite.run(*WORDS, "--message-file", str(text), *AS, "--json", typed=PASSWORD).json
    broadcast = ordered["broadcast_id"]
    on_sqlite.project()

    assert (ordered["recipients"], ordered["planned"]) == (1, 0)
    (listed,) = on_sqlite.run("mail", "broadcasts", "--json").json["broadcasts"]
    assert (listed["broadcast_id"], listed["status"]) == (broadcast, "planning")
    assert "administrator" in on_sqlite.run("mail", "broadcasts").out
    cancel = ("mail", "cancel-broadcast", broadcast, "--reason", "the wrong day", *AS)
    assert on_sqlite.run(*cancel, typed=PASSWORD).status == 0
    on_sqlite.project()
    (cancelled,) = on_sqlite.run("mail", "broadcasts", "--json").json["broadcasts"]
    assert (cancelled["status"], cancelled["cancelled_because"]) == ("cancelled", "the wrong day")
    assert on_sqlite.run(*cancel, typed=PASSWORD).err.startswith("Refused: this broadcast is cancelled")
    empty = on_sqlite.run(*WORDS, "--message", " ", *AS, typed=PASSWORD)
    assert "/message" in empty.err


@pytest.mark.parametrize(
    "arguments",
    [
        ["broadcast", "Away", "--message", "On Sunday."],
        ["broadcast", "Away", "--role", "engineer"],
        ["broadcast", "Away", "--role", "engineer", "--message-file", "/no/such/file"],
        ["cancel-broadcast", "x", "--reason", "why"],
        ["cancel-broadcast", "x"],
    ],
)
def test_a_broadcast_wants_words_a_role_and_its_end_a_reason(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["mail", *arguments]) == 2

    assert capsys.readouterr().err
