"""A secret may be kept elsewhere; a reference that leads nowhere is told like every other mistake."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from countersign.config.layers import load_settings
from countersign.config.mistakes import ConfigurationInvalid

PASSWORD = "COUNTERSIGN_SMTP__PASSWORD"
USER = {"COUNTERSIGN_SMTP__USER": "mailer"}


def kept(folder: Path, text: str | bytes, mode: int = 0o600) -> str:
    path = folder / "secret"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    path.chmod(mode)
    return f"file:{path}"


def mistakes(environ: Mapping[str, str]) -> list[str]:
    with pytest.raises(ConfigurationInvalid) as invalid:
        load_settings(environ)
    return list(map(str, invalid.value.errors))


def only_mistake(environ: Mapping[str, str]) -> str:
    [mistake] = mistakes(environ)
    return mistake


def test_a_variable_may_hold_a_secret() -> None:
    settings = load_settings({**USER, PASSWORD: "env:MAIL_PASSWORD", "MAIL_PASSWORD": "hush-hush"})

    assert settings.smtp.password.reveal() == "hush-hush"
    assert settings.references == {"smtp.password": "env:MAIL_PASSWORD"}
    assert settings.sources["smtp.password"] == f"${PASSWORD}"


@pytest.mark.parametrize("ending", ["", "\n", "\r\n"])
@pytest.mark.parametrize("mode", [0o400, 0o600, 0o640])
def test_a_file_may_hold_a_secret_and_its_last_line_end_is_none_of_it(
    tmp_path: Path, ending: str, mode: int
) -> None:
    reference = kept(tmp_path, f" two\nlines {ending}", mode)

    assert load_settings({**USER, PASSWORD: reference}).smtp.password.reveal() == " two\nlines "


def test_an_operators_file_may_hold_references(tmp_path: Path) -> None:
    reference = kept(tmp_path, "postgresql://app:pw@db/countersign")
    (tmp_path / "app.yaml").write_text(f"database: {{url: '{reference}'}}\nsmtp:\n  user: env:MAIL_USER\n")
    environ = {"COUNTERSIGN_CONFIG_DIR": str(tmp_path), "MAIL_USER": "mailer", PASSWORD: "pw"}

    settings = load_settings(environ)

    assert settings.database.url.reveal() == "postgresql://app:pw@db/countersign"
    assert settings.smtp.user == "mailer"
    assert settings.sources["database.url"] == f"{tmp_path / 'app.yaml'}:1"


def test_what_a_reference_leads_to_is_no_reference() -> None:
    settings = load_settings({**USER, PASSWORD: "env:FIRST", "FIRST": "env:SECOND", "SECOND": "no"})

    assert settings.smtp.password.reveal() == "env:SECOND"


def test_only_the_reference_that_holds_is_followed(tmp_path: Path) -> None:
    (tmp_path / "app.yaml").write_text("smtp: {user: mailer, password: 'vault:mail#password'}\n")

    settings = load_settings({"COUNTERSIGN_CONFIG_DIR": str(tmp_path), PASSWORD: "plain"})

    assert settings.smtp.password.reveal() == "plain"


def test_a_text_that_is_no_secret_is_taken_as_it_is() -> None:
    assert load_settings({"COUNTERSIGN_DATA_DIR": "/srv/env:NAME"}).data_dir == Path("/srv/env:NAME")


def test_vault_says_that_it_is_not_configured() -> None:
    told = only_mistake({**USER, PASSWORD: "vault:mail/smtp#password"})

    assert told.startswith(f"${PASSWORD}: smtp.password: vault:mail/smtp#password: Vault is not configured")


def test_every_reference_that_leads_nowhere_is_told_at_once_with_the_other_mistakes(tmp_path: Path) -> None:
    told = mistakes(
        {
            "COUNTERSIGN_DATABASE_URL": f"file:{tmp_path / 'absent'}",
            "COUNTERSIGN_REDIS_URL": "env:ABSENT",
            "COUNTERSIGN_HTTP__PORT": "eighty",
            PASSWORD: "vault:mail#password",
        }
    )

    assert len(told) == 4
    assert "expected a file that can be read: No such file or directory" in told[1] + told[2] + told[3]
    assert any("redis.url: env:ABSENT: expected a variable of that name" in one for one in told)


@pytest.mark.parametrize(
    ("content", "mode", "problem"),
    [
        ("hush-hush", 0o644, "others cannot read"),
        ("hush-hush", 0o660, "others cannot read or write"),
        ("x" * 65_537, 0o600, "at most 65536 bytes"),
        (b"hush-\xff\xfe", 0o600, "UTF-8"),
        ("\n", 0o600, "found nothing"),
        ("hush\x00hush", 0o600, "NUL"),
    ],
)
def test_a_file_that_is_not_fit_to_hold_a_secret_is_refused(
    tmp_path: Path, content: str | bytes, mode: int, problem: str
) -> None:
    told = only_mistake({**USER, PASSWORD: kept(tmp_path, content, mode)})

    assert problem in told
    assert "hush" not in told


def test_a_folder_holds_no_secret(tmp_path: Path) -> None:
    assert "Is a directory" in only_mistake({**USER, PASSWORD: f"file:{tmp_path}"})


def test_a_pipe_holds_no_secret_and_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe", 0o600)

    assert "regular file" in only_mistake({**USER, PASSWORD: f"file:{tmp_path / 'pipe'}"})


@pytest.mark.parametrize("text", ["env: ", "env:1st choice", "file:relative", "vault:no-key", "vault:#key"])
def test_a_misspelt_reference_is_refused_and_never_shown(text: str) -> None:
    told = only_mistake({**USER, PASSWORD: text})

    assert f"expected {text.partition(':')[0]}:" in told
    assert text not in told


def test_a_value_that_does_not_fit_its_setting_is_refused_and_never_shown() -> None:
    told = only_mistake({"COUNTERSIGN_REDIS_URL": "env:ELSEWHERE", "ELSEWHERE": "hush-hush"})

    assert (
        told
        == "$COUNTERSIGN_REDIS_URL: redis.url: env:ELSEWHERE: expected redis://host:port/number, or empty"
    )


def test_a_variable_that_is_itself_a_setting_is_no_place_for_a_secret() -> None:
    told = only_mistake({**USER, PASSWORD: "env:COUNTERSIGN_DATA_DIR", "COUNTERSIGN_DATA_DIR": "/srv"})

    assert "expected a variable that is no setting itself" in told
