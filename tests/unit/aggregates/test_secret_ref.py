"""What is noted of a secret, and how often."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from countersign.aggregates.root import derived_id
from countersign.aggregates.secret_ref import SecretRef

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture
def secret() -> SecretRef:
    registered = SecretRef.register(NOW, "vault", "secret/mail#password", "1")
    registered.collect_events()
    return registered


def test_it_is_known_by_its_place_and_its_name(secret: SecretRef) -> None:
    assert secret.id == derived_id("secret", "vault", "secret/mail#password")
    assert (secret.versions, secret.retired) == (("1",), ())


def test_a_version_that_comes_is_noted_once_also_when_an_older_one_is_seen_in_between(
    secret: SecretRef,
) -> None:
    for seen in (["1"], ["2", "3"], ["1"], ["3"], ["2", "1"]):
        secret.see(NOW, seen)

    events: list[Any] = list(secret.collect_events())
    assert [(type(event), event.secret_version) for event in events] == [
        (SecretRef.Rotated, "2"),
        (SecretRef.Rotated, "3"),
    ]
    assert secret.versions == ("1", "2", "3")


def test_a_version_is_destroyed_once_and_only_one_that_was_there(secret: SecretRef) -> None:
    for version in ("1", "1", "never seen"):
        secret.retire(NOW, version)

    (event,) = secret.collect_events()
    assert isinstance(event, SecretRef.VersionRetired)
    assert (event.secret_version, secret.retired) == ("1", ("1",))
