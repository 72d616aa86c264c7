"""The versions of secrets in the log of events."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from countersign.aggregates.secret_ref import SecretRef, secret_id
from countersign.commands.permit import NotPermitted
from countersign.commands.secret.note_secret_retired import NoteSecretRetired
from countersign.commands.secret.note_secret_versions import NoteSecretVersions
from countersign.projections.audit.audit_summary import summary
from tests.unit.commands.people.service import Service


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    running = Service(tmp_path)
    yield running
    running.close()


def versions(*seen: str) -> NoteSecretVersions:
    return NoteSecretVersions(name="token-signing", backend="file", versions=seen)


def retired(version: str) -> NoteSecretRetired:
    return NoteSecretRetired(name="token-signing", backend="file", version=version)


def kept(service: Service) -> SecretRef:
    found = service.another_store().aggregates.find(SecretRef, secret_id("file", "token-signing"))
    assert found is not None
    return found


def test_each_version_is_told_once_and_its_end_too(service: Service) -> None:
    for command in (versions("a"), versions("a", "b"), versions("b"), retired("a"), retired("a")):
        service.give(command)

    assert (kept(service).versions, kept(service).retired) == (("a", "b"), ("a",))
    assert [summary(happened.event) for happened in service.happened()] == [
        "Secret token-signing (file) registered with version a",
        "Secret token-signing (file) rotated to version b",
        "Version a of the secret token-signing (file) destroyed",
    ]


def test_a_secret_that_nobody_had_noted_is_registered_with_its_end(service: Service) -> None:
    service.give(retired("a"))

    assert (kept(service).versions, kept(service).retired, kept(service).version) == (("a",), ("a",), 2)


@pytest.mark.parametrize("command", [versions("a"), retired("a")], ids=["versions", "retired"])
def test_no_person_notes_them(service: Service, command: object) -> None:
    administrator = service.bootstrap()
    with pytest.raises(NotPermitted):
        service.give(command, administrator)
