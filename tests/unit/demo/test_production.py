"""What plays the service has no place where it serves."""

from __future__ import annotations

from pathlib import Path

import pytest

from countersign.cli.main import main


def test_there_is_no_demo_in_production(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COUNTERSIGN_ENV", "production")
    folder = tmp_path / "demo"
    folder.write_text("in the way, should it begin", encoding="utf-8")

    assert main(["demo", "--exit", "--data-dir", str(folder)]) == 2
    assert "No demo in production" in capsys.readouterr().err
