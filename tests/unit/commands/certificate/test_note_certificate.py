"""The certificate of the API in the log of events."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from countersign.aggregates.tls_certificate import TlsCertificate, certificate_id
from countersign.commands.certificate.note_certificate import NoteCertificate
from countersign.commands.permit import NotPermitted
from tests.unit.commands.people.service import Service


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    running = Service(tmp_path)
    yield running
    running.close()


def note(not_after: datetime) -> NoteCertificate:
    return NoteCertificate(
        fingerprint="ab12", subject="reports.plant.internal", not_after=not_after, source="pem", warn_days=30
    )


def kept(service: Service) -> TlsCertificate:
    found = service.another_store().aggregates.find(TlsCertificate, certificate_id("ab12"))
    assert found is not None
    return found


def test_it_is_noted_once_while_there_is_time(service: Service) -> None:
    service.give(note(service.now + timedelta(days=31)))
    service.give(note(service.now + timedelta(days=31)))
    assert (kept(service).version, kept(service).warned) == (1, None)


def test_it_is_noted_again_when_its_end_is_near(service: Service) -> None:
    end = service.now + timedelta(days=31)
    service.give(note(end))
    service.later(days=25)
    service.give(note(end))
    assert (kept(service).version, kept(service).warned) == (2, 7)


def test_one_that_is_new_and_near_its_end_is_noted_with_both(service: Service) -> None:
    service.give(note(service.now + timedelta(days=6)))
    assert (kept(service).version, kept(service).warned) == (2, 7)


def test_no_person_notes_it(service: Service) -> None:
    administrator = service.bootstrap()
    with pytest.raises(NotPermitted):
        service.give(note(service.now), administrator)
