"""Secrets can be used and compared, but not shown."""

from __future__ import annotations

import pytest

from countersign.config.layers import load_settings
from countersign.config.secret import Secret, SecretUrl


def test_a_secret_is_only_revealed_when_asked() -> None:
    secret = Secret("hunter2")

    assert secret.reveal() == "hunter2"
    for shown in (str(secret), repr(secret), f"{secret}", f"{secret:>20}", "%s" % secret, str([secret])):  # noqa: UP031
        assert "hunter2" not in shown


def test_an_empty_secret_is_false_and_shown_as_empty() -> None:
    assert not Secret("")
    assert str(Secret("")) == ""
    assert Secret("").confidential() == ()


def test_secrets_with_the_same_text_are_equal() -> None:
    assert Secret("a") == Secret("a")
    assert hash(Secret("a")) == hash(Secret("a"))
    assert Secret("a") != Secret("b")
    assert Secret("a") != "a"


@pytest.mark.parametrize(
    ("url", "shown", "hidden"),
    [
        ("postgresql://app:hunter2@db:5432/x", "postgresql://app:***@db:5432/x", ("hunter2",)),
        ("redis://:hunter2@cache/0", "redis://:***@cache/0", ("hunter2",)),
        ("postgresql://app:p@ss/w?rd@db/x", "postgresql://app:***@db/x", ("p@ss/w?rd",)),
        ("postgresql://app:p%40ss@db/x", "postgresql://app:***@db/x", ("p%40ss", "p@ss")),
        (
            "postgresql://db/x?user=a&password=hunter2&a=b",
            "postgresql://db/x?user=a&password=***&a=b",
            ("hunter2",),
        ),
        ("postgresql://app@db/x", "postgresql://app@db/x", ()),
        ("", "", ()),
    ],
)
def test_a_url_shows_its_server_but_not_its_password(url: str, shown: str, hidden: tuple[str, ...]) -> None:
    secret = SecretUrl(url)

    assert secret.reveal() == url
    assert str(secret) == shown
    assert secret.confidential() == hidden


def test_settings_hold_every_password_wrapped() -> None:
    settings = load_settings(
        {
            "COUNTERSIGN_DATABASE_URL": "postgresql://app:hunter1@db/x",
            "COUNTERSIGN_REDIS_URL": "redis://:hunter2@cache/0",
            "COUNTERSIGN_SMTP__USER": "countersign",
            "COUNTERSIGN_SMTP__PASSWORD": "hunter3",
        }
    )
    hidden = {text for secret in settings.secrets() for text in secret.confidential()}

    assert hidden == {"hunter1", "hunter2", "hunter3"}
    assert "hunter" not in repr(settings)
    assert "hunter" not in str(dict(settings.values()))
