"""What a script and a file are told of a build that nobody moves at present."""

from __future__ import annotations

import json

import pytest

from countersign.cli.projections import progress
from countersign.cli.projections.progress import JsonLines, Lines


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_LINE_EVERY_S", 0.0)


def test_what_does_not_move_is_said_to_wait(capsys: pytest.CaptureFixture[str]) -> None:
    Lines().of("people")(0, 12_000, 0.0)
    assert capsys.readouterr().out.startswith("people: 0 of 12000 events, waiting for whoever works on it")


def test_what_moves_has_an_estimate(capsys: pytest.CaptureFixture[str]) -> None:
    Lines().of("people")(2_000, 12_000, 1_000.0)
    assert capsys.readouterr().out == "people: 2000 of 12000 events, 1000/s, about 10 s to go\n"


@pytest.mark.parametrize(("done", "rate", "remaining_s"), [(0, 0.0, None), (2, 4.0, 2.0), (10, 0.0, 0.0)])
def test_a_script_is_told_no_end_that_nobody_knows(
    capsys: pytest.CaptureFixture[str], done: int, rate: float, remaining_s: float | None
) -> None:
    JsonLines().of("people")(done, 10, rate)
    assert json.loads(capsys.readouterr().out)["remaining_s"] == remaining_s
