"""A newcomer finds every verb, and an operator finds it in the runbook."""

from __future__ import annotations

import io
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from countersign.cli.invocation import Invocation, Subcommand
from countersign.cli.main import SUBCOMMANDS, main, subcommands
from countersign.cli.schedules import command as schedules

RUNBOOK = Path(__file__).parents[3] / "docs" / "runbook.md"


def by_name(subcommand: Subcommand) -> str:
    return subcommand.name


@pytest.mark.parametrize("subcommand", subcommands(), ids=by_name)
def test_each_verb_explains_itself(subcommand: Subcommand, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([subcommand.name, "--help"])
    assert ended.value.code == 0
    assert "--data-dir" in capsys.readouterr().out
    assert subcommand.summary[0].islower()
    assert subcommand.description.endswith(".")


@pytest.mark.parametrize("subcommand", subcommands(), ids=by_name)
def test_the_runbook_has_each_verb(subcommand: Subcommand) -> None:
    assert f"\n| `{subcommand.name}" in RUNBOOK.read_text("utf-8")


def test_help_lists_every_verb_with_its_summary(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    shown = " ".join(capsys.readouterr().out.split())
    assert all(f"{each.name} {each.summary}" in shown for each in subcommands())


def test_each_verb_is_called_by_its_own_name() -> None:
    assert [each.name for each in subcommands()] == list(SUBCOMMANDS)


def test_a_process_that_runs_for_months_imports_what_its_own_verb_needs() -> None:
    listed = 'import sys; from countersign.cli.main import *; subcommands(["schedule"]); print(*sys.modules)'
    imported = subprocess.run(
        [sys.executable, "-c", listed], check=True, capture_output=True, text=True
    ).stdout
    assert "countersign.cli.schedule" in imported.split()
    assert not {"countersign.cli.serve", "countersign.cli.demo.command", "docxtpl"} & set(imported.split())


@pytest.mark.parametrize("call", [[], ["teleport"], ["projections", "teleport"], ["jobs", "show", "7"]])
def test_a_wrong_call_ends_with_status_2(call: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(call)
    assert ended.value.code == 2
    assert "usage: countersign" in capsys.readouterr().err


def test_a_script_that_types_nothing_is_told_how_to_say_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def asks(_invocation: Invocation) -> int:
        input()
        return 0

    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    monkeypatch.setattr(schedules, "SUBCOMMAND", replace(schedules.SUBCOMMAND, run=asks))
    assert main(["schedules"]) == 2
    assert "--password-stdin" in capsys.readouterr().err
