"""What a client sees when the service cannot do what it should."""

from __future__ import annotations

import fcntl
import threading
import time
from pathlib import Path
from uuid import UUID

import pytest

from countersign.eventstore.log import Append, Appended, NewEvent
from tests.integration.http.service import Caller, Service

NEW = {"report_type": "SAT", "header": {"document_title": "Pump station"}}


def test_a_writer_that_is_stuck_costs_the_others_a_503_and_not_a_hang(
    service: Service, engineer: Caller, tmp_path: Path
) -> None:
    with (tmp_path / "data" / "log.db.lock").open() as stuck:
        fcntl.flock(stuck, fcntl.LOCK_EX)
        began = time.monotonic()
        refused = engineer.post("/v1/reports", NEW, key="create-1")
        waited_s = time.monotonic() - began

    assert (refused.status_code, refused.json["code"]) == (503, "unavailable")
    assert int(refused.headers["retry-after"]) >= 1
    assert waited_s < 5
    assert engineer.post("/v1/reports", NEW, key="create-1").status_code == 201


def test_a_mistake_of_ours_is_told_without_its_inside(
    service: Service, engineer: Caller, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("secret inside")

    monkeypatch.setattr(service.store.aggregates, "find", broken)
    answer = engineer.get("/v1/me")

    assert (answer.status_code, answer.json["code"]) == (500, "internal_error")
    assert "secret inside" not in answer.text
    assert "secret inside" in caplog.text


def test_a_service_whose_tables_are_behind_says_by_how_much(service: Service, engineer: Caller) -> None:
    engineer.post("/v1/reports", NEW)
    behind = service.nobody.get("/readyz")
    assert behind.status_code == 200
    assert {each["events"] for each in behind.json["projections"]} != {0}


def test_requests_that_wait_leave_threads_to_the_others(service: Service, engineer: Caller) -> None:
    path = engineer.post("/v1/reports", NEW).headers["location"]
    job = engineer.post(f"{path}/renderings", {}).headers["location"]
    waiting = threading.Thread(target=engineer.get, args=(job,), kwargs={"wait": "1.5"})
    waiting.start()
    time.sleep(0.3)

    began = time.monotonic()
    answer = engineer.get(job, wait="1.5")
    waited_s = time.monotonic() - began
    waiting.join()

    assert answer.json["state"] == "queued"
    assert waited_s < 1


@pytest.mark.filterwarnings("ignore:Unknown REQUEST_METHOD")
def test_a_made_up_method_is_refused_and_counted_as_other(nobody: Caller) -> None:
    assert nobody.send("BREW", "/v1/me").status_code in (400, 405)
    figures = nobody.get("/metrics").text

    assert 'method="BREW"' not in figures
    assert 'method="(other)"' in figures


def test_what_a_newer_version_has_written_is_no_mistake_of_this_one(
    service: Service, engineer: Caller
) -> None:
    place = engineer.post("/v1/reports", NEW).headers["location"]
    read = engineer.get(place).headers["etag"]
    stream = UUID(place.rpartition("/")[2])
    version = len(service.log.stream(stream)) + 1
    newer = NewEvent(stream, version, "report.certified", b"{}", b"{}")
    assert isinstance(service.log.append(Append((newer,))), Appended)

    for refused in (engineer.get(place), engineer.post(f"{place}/submit", {}, if_match=read)):
        assert (refused.status_code, refused.json["code"]) == (503, "written_by_newer_version")
        assert refused.headers["retry-after"] == "30"
    assert engineer.get("/v1/me").status_code == 200


def test_tables_of_another_version_are_no_mistake_of_this_one(service: Service, engineer: Caller) -> None:
    with service.services.read.write() as connection:
        connection.exec_driver_sql("DROP VIEW schedules")
    refused = engineer.get("/v1/schedules")

    assert (refused.status_code, refused.json["code"]) == (503, "upgrade_unfinished")
    assert refused.headers["retry-after"] == "30"
    assert "countersign init" in refused.json["detail"]
