"""How the certificate stands: said alike by the doctor, `status`, the health check and the log of events."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from countersign.aggregates.tls_certificate import TlsCertificate, certificate_id
from countersign.cli.certificate_standing import (
    CertificateComponent,
    certificate_note,
    certificate_probe,
)
from countersign.cli.foundation import utc_now
from countersign.config.layers import load_settings
from countersign.config.settings import Settings
from countersign.projections.health.reading import Condition
from countersign.workers.course import Course
from countersign.workers.maintenance.certificate_check import CertificateCheck
from tests.authority import Authority
from tests.integration.cli.installation import Installation

AUTHORITY = Authority()
Show = Callable[[timedelta], Path]


@pytest.fixture
def show(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Show:
    """Let the settings name a certificate that ends so long from now."""

    def named(ends: timedelta) -> Path:
        signed = AUTHORITY.certificate("127.0.0.1", begins=timedelta(days=-99), ends=ends)
        path = AUTHORITY.write(tmp_path / "tls.pem", signed)
        monkeypatch.setenv("COUNTERSIGN_TLS__CERTIFICATE", str(path))
        return path

    return named


def finding(installation: Installation, subject: str) -> Any:
    found = installation.run("doctor", "--json").json["findings"]
    return next(each for each in found if each["subject"] == subject)


def settings_with(path: Path) -> Settings:
    given = {"COUNTERSIGN_DATA_DIR": str(path.parent), "COUNTERSIGN_TLS__CERTIFICATE": str(path)}
    return load_settings({"COUNTERSIGN_ENV": "testing", **given})


@pytest.mark.parametrize(
    ("ends", "verdict", "told"),
    [
        (timedelta(days=60), "ok", "60 days left"),
        (timedelta(days=29, hours=12), "warning", "days left"),
        (timedelta(days=-1), "failed", "expired on"),
    ],
)
def test_the_doctor_says_how_long_it_holds(
    on_sqlite: Installation, show: Show, ends: timedelta, verdict: str, told: str
) -> None:
    show(ends)
    found = finding(on_sqlite, "tls")
    assert found["verdict"] == verdict
    assert told in found["says"]


def test_the_doctor_notices_a_key_that_everybody_may_read(on_sqlite: Installation, show: Show) -> None:
    show(timedelta(days=60)).chmod(0o644)
    assert "chmod 600" in finding(on_sqlite, "tls key")["remedy"]


def test_the_doctor_notices_a_certificate_for_another_name(
    on_sqlite: Installation, show: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    show(timedelta(days=60))
    monkeypatch.setenv("COUNTERSIGN_HTTP__PUBLIC_URL", "https://reports.plant.internal")
    assert "not for reports.plant.internal" in finding(on_sqlite, "tls name")["says"]


def test_without_one_the_doctor_warns_where_others_can_listen(
    on_sqlite: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert finding(on_sqlite, "tls")["verdict"] == "ok"
    monkeypatch.setenv("COUNTERSIGN_HTTP__HOST", "0.0.0.0")  # noqa: S104 - nothing listens there
    assert finding(on_sqlite, "tls")["verdict"] == "warning"


@pytest.mark.parametrize(
    ("begins", "ends", "told"),
    [
        (timedelta(days=-9), timedelta(days=-1), "expired on"),
        (timedelta(days=1), timedelta(days=9), "is the clock right?"),
    ],
)
def test_a_server_does_not_start_outside_the_time_of_its_certificate(
    nothing: Installation,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    begins: timedelta,
    ends: timedelta,
    told: str,
) -> None:
    path = AUTHORITY.write(tmp_path / "tls.pem", AUTHORITY.certificate(begins=begins, ends=ends))
    monkeypatch.setenv("COUNTERSIGN_TLS__CERTIFICATE", str(path))
    said = nothing.run("serve")
    assert said.status == 2
    assert said.err.startswith("The TLS certificate cannot be served: ")
    assert told in said.err
    assert "this machine's clock says" in said.err


def test_a_server_that_cannot_show_its_certificate_does_not_start(
    nothing: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COUNTERSIGN_TLS__CERTIFICATE", "/nowhere.pem")
    said = nothing.run("serve")
    assert said.status == 2
    assert "/nowhere.pem cannot be read" in said.err


@pytest.mark.parametrize(
    ("ends", "state", "told"),
    [
        (timedelta(days=5), "expiring", "is to be renewed"),
        (timedelta(days=-1), "unusable", "cannot be used"),
    ],
)
def test_status_has_it_among_what_is_to_be_done(
    on_sqlite: Installation, show: Show, ends: timedelta, state: str, told: str
) -> None:
    show(ends)
    said = on_sqlite.run("status", "--json")
    assert said.status == 1
    assert [each for each in said.json["problems"] if told in each["what"]]
    assert [(each["name"], each["state"]) for each in said.json["components"]] == [("certificate", state)]
    assert state in on_sqlite.run("status").out


def test_readiness_names_its_state_from_the_files_of_a_moment_ago(show: Show) -> None:
    path, now = show(timedelta(days=60)), [utc_now()]
    component = CertificateComponent(settings_with(path), lambda: now[0])
    assert component() == "ok"
    path.unlink()
    assert component() == "ok"
    now[0] += timedelta(seconds=15)
    assert component() == "unusable"


@pytest.mark.parametrize(
    ("days", "condition"), [(60, Condition.OK), (5, Condition.DEGRADED), (-1, Condition.FAILED)]
)
def test_the_health_check_is_red_before_clients_are(show: Show, days: int, condition: Condition) -> None:
    settings = settings_with(show(timedelta(days=days)))
    assert certificate_probe(settings)().condition is condition


def test_the_log_of_events_knows_it_and_when_its_end_is_near(on_sqlite: Installation, show: Show) -> None:
    settings = settings_with(show(timedelta(days=5, hours=1)))
    note = certificate_note(settings)
    assert note is not None
    with on_sqlite.opened() as base:
        check = CertificateCheck(lambda: certificate_note(settings), base.dispatcher)
        result = check(utc_now(), Course())
        check(utc_now(), Course())
        found = base.store.aggregates.find(TlsCertificate, certificate_id(note.fingerprint))
    assert result == {"certificate": "127.0.0.1", "days_left": "5"}
    assert found is not None
    assert (found.version, found.warned, found.source) == (2, 7, "pem")


def test_where_there_is_none_nothing_is_noted(on_sqlite: Installation, tmp_path: Path) -> None:
    plain = load_settings({"COUNTERSIGN_ENV": "testing", "COUNTERSIGN_DATA_DIR": str(tmp_path)})
    missing = settings_with(tmp_path / "none.pem")
    assert certificate_note(plain) is None
    assert certificate_note(missing) is None
    with on_sqlite.opened() as base:
        assert CertificateCheck(lambda: None, base.dispatcher)(utc_now(), Course()) == {"certificate": "none"}
    assert certificate_probe(plain)().condition is Condition.ABSENT
