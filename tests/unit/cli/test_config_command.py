"""`countersign config`: what holds, what is wrong, what differs; and no secret in any of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from countersign.cli.main import main
from countersign.config.layers import load_settings

HUSH = "hushpw-8842"


@pytest.fixture(autouse=True)
def variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in {
        "COUNTERSIGN_ENV": "testing",
        "COUNTERSIGN_DATABASE_URL": f"postgresql://app:{HUSH}@db/countersign",
        "COUNTERSIGN_SMTP__USER": "mailer",
        "COUNTERSIGN_SMTP__PASSWORD": "env:MAIL_PASSWORD",
        "MAIL_PASSWORD": HUSH,
    }.items():
        monkeypatch.setenv(name, text)


class Answer:
    """What one call said."""

    def __init__(self, capsys: pytest.CaptureFixture[str], *arguments: str) -> None:
        self.status = main(["config", *arguments])
        self.out, self.err = capsys.readouterr()
        assert HUSH not in self.out + self.err

    def json(self) -> Any:
        return json.loads(self.out)


def by_setting(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {row["setting"]: row for row in rows}


def test_show_lists_every_setting_with_its_place(capsys: pytest.CaptureFixture[str]) -> None:
    document = Answer(capsys, "show", "--json").json()
    rows = by_setting(document["settings"])

    assert document["environment"] == "testing"
    assert list(rows) == [path for path, _ in load_settings({}).values()]
    assert all(row["source"] for row in rows.values())
    assert rows["http.port"]["value"] == 0
    assert rows["logging.handlers"]["value"] == ["console"]
    assert rows["smtp.user"]["source"] == "$COUNTERSIGN_SMTP__USER"


def test_show_masks_secrets_and_shows_references(capsys: pytest.CaptureFixture[str]) -> None:
    rows = by_setting(Answer(capsys, "show", "--json").json()["settings"])

    assert rows["smtp.password"] == {
        "setting": "smtp.password",
        "value": "env:MAIL_PASSWORD",
        "source": "$COUNTERSIGN_SMTP__PASSWORD",
        "secret": True,
    }
    assert rows["database.url"]["value"] == "postgresql://app:***@db/countersign"


def test_show_can_show_another_environment(capsys: pytest.CaptureFixture[str]) -> None:
    answer = Answer(capsys, "show", "--env", "production")

    assert answer.status == 0
    assert "data_dir" in answer.out
    assert "/var/lib/countersign" in answer.out
    assert "production.yaml:" in answer.out


def test_check_finds_nothing_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    answer = Answer(capsys, "check")

    assert (answer.status, answer.out) == (0, "The configuration is valid.\n")


def test_check_says_all_that_is_wrong(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MAIL_PASSWORD")
    monkeypatch.setenv("COUNTERSIGN_HTTP__PORT", "eighty")

    answer = Answer(capsys, "check", "--json")

    assert answer.status == 1
    assert [error["path"] for error in answer.json()["errors"]] == ["http.port", "smtp.password"]
    assert not answer.json()["valid"]


def test_check_says_why_production_would_not_start(capsys: pytest.CaptureFixture[str]) -> None:
    answer = Answer(capsys, "check", "--env", "production")

    assert answer.status == 1
    assert "http.require_https: Production does not start with plain HTTP" in answer.out
    assert answer.out.endswith(" wrong.\n")


def test_diff_compares_two_environments(capsys: pytest.CaptureFixture[str]) -> None:
    answer = Answer(capsys, "diff", "development", "production", "--json")
    rows = by_setting(answer.json()["differences"])

    assert answer.status == 0
    assert rows["smtp.port"]["a"]["value"] == 1025
    assert rows["smtp.port"]["b"]["value"] == 587
    assert "smtp.password" not in rows


def test_diff_compares_two_folders_and_hides_their_secrets(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for name, password in (("a", HUSH), ("b", f"{HUSH}-other")):
        (tmp_path / name).mkdir()
        text = f"redis: {{url: 'redis://:{password}@cache:6379/0'}}\nhttp: {{threads: 4}}\n"
        (tmp_path / name / "app.yaml").write_text(text, encoding="utf-8")

    answer = Answer(capsys, "diff", str(tmp_path / "a"), str(tmp_path / "b"))

    assert answer.status == 0
    [line] = [line for line in answer.out.splitlines() if line.startswith("redis.url")]
    assert line.count("redis://:***@cache:6379/0") == 2
    assert "(another one)" in line
    assert "http.threads" not in answer.out


def test_diff_of_a_place_with_itself_is_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert Answer(capsys, "diff", "testing", "testing").out == "Nothing differs.\n"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("diff", "testing"), "Name two"),
        (("diff", "testing", "nowhere"), "nowhere is neither"),
        (("check", "testing"), "takes --env"),
    ],
)
def test_a_wrong_call_is_explained(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], told: str
) -> None:
    answer = Answer(capsys, *arguments)

    assert answer.status == 2
    assert told in answer.err
