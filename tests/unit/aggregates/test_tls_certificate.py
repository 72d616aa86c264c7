"""What is noted of a certificate, and how often."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from countersign.aggregates.root import derived_id
from countersign.aggregates.tls_certificate import TlsCertificate

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
END = NOW + timedelta(days=90)


@pytest.fixture
def certificate() -> TlsCertificate:
    return TlsCertificate.load(NOW, "ab12", "reports.plant.internal", END, "pfx")


def noted(certificate: TlsCertificate) -> list[int]:
    events = certificate.collect_events()
    return [event.days for event in events if isinstance(event, TlsCertificate.Expiring)]


def test_it_is_known_by_its_fingerprint(certificate: TlsCertificate) -> None:
    assert certificate.id == derived_id("certificate", "ab12")
    assert (certificate.subject, certificate.not_after, certificate.source) == (
        "reports.plant.internal",
        END,
        "pfx",
    )


def test_while_there_is_time_nothing_is_noted(certificate: TlsCertificate) -> None:
    certificate.look_at(END - timedelta(days=30, seconds=1), 30)
    assert noted(certificate) == []


def test_looked_at_every_hour_it_is_noted_once_at_each_step(certificate: TlsCertificate) -> None:
    for hour in range(92 * 24):
        certificate.look_at(NOW + timedelta(hours=hour), 30)
    assert noted(certificate) == [30, 14, 7, 3, 1, 0]


def test_steps_that_were_slept_through_are_not_made_up_for(certificate: TlsCertificate) -> None:
    certificate.look_at(END - timedelta(days=2), 30)
    assert noted(certificate) == [3]


def test_a_warning_that_begins_later_leaves_the_earlier_steps_out(certificate: TlsCertificate) -> None:
    certificate.look_at(END - timedelta(days=10), 5)
    certificate.look_at(END - timedelta(days=4), 5)
    certificate.look_at(END - timedelta(days=4), 5)
    assert noted(certificate) == [5]
