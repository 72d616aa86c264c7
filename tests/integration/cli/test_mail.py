"""`countersign mail`."""

from __future__ import annotations

import json
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from countersign.aggregates.email_contents import WITHOUT_OCCASION, EmailPurpose
from countersign.cli.main import main


def test_a_letter_of_every_purpose_can_be_looked_at(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["mail", "preview", "--folder", str(tmp_path), "--json"]) == 0

    told = json.loads(capsys.readouterr().out)
    written = told["written"]
    assert set(told["without_occasion"]) == WITHOUT_OCCASION
    assert {Path(file).stem for file in written} == set(EmailPurpose)
    for file in written:
        letter = message_from_bytes(Path(file).read_bytes(), policy=policy.default)
        assert letter["To"] == "Ada Example <ada@example.com>"
        assert letter.get_body(("html",)) is not None


def test_one_purpose_can_be_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["mail", "preview", "digest", "--folder", str(tmp_path)]) == 0

    assert [file.name for file in tmp_path.iterdir()] == ["digest.eml"]
    shown = capsys.readouterr().out
    assert "Nothing was sent." in shown
    assert "Nothing causes" not in shown


def test_a_letter_that_nothing_causes_yet_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["mail", "preview", "mention", "--folder", str(tmp_path)]) == 0

    assert "Nothing causes these yet: mention." in capsys.readouterr().out


def test_a_purpose_that_there_is_not_is_told_with_those_that_there_are(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["mail", "preview", "spam"]) == 2

    assert "approval_request" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments", [["lift"], ["lift", "x", "--reason", "why", "--as", "a@b.example"], ["lift", "x"]]
)
def test_lifting_wants_to_know_which_and_why_and_who(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["mail", *arguments]) == 2

    assert "countersign mail" in capsys.readouterr().err
