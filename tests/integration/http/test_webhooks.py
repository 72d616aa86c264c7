"""Webhooks seen from outside: registered by administrators, looked at by operators, secrets shown once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from countersign.aggregates.role import Role
from countersign.aggregates.webhook.public_events import PublicType
from countersign.commands.webhook.abandon_delivery import AbandonDelivery
from countersign.commands.webhook.queue_deliveries import QueueDeliveries, ToDeliver
from countersign.commands.webhook.record_delivery_attempt import RecordDeliveryAttempt
from tests.integration.http.service import Caller, Service

ERP: dict[str, Any] = {
    "name": "ERP",
    "url": "https://erp.example.com/countersign",
    "event_types": ["report.revision_issued"],
    "only": {"report_types": ["SAT"], "client_name": "Aegean Water"},
    "headers": {"Authorization": "Bearer of-the-endpoint"},
}


@pytest.fixture
def administrator(service: Service) -> Caller:
    return service.signed_in(Role.ADMINISTRATOR)


@pytest.fixture
def operator(service: Service) -> Caller:
    return service.signed_in(Role.OPERATOR)


def registered(caller: Caller) -> str:
    answer = caller.post("/v1/webhooks", ERP)
    assert answer.status_code == 201, answer.text
    return str(answer.headers["location"])


def delivered(service: Service, location: str, error: str = "") -> str:
    """One delivery to a webhook, and what came of it."""
    webhook = UUID(location.rpartition("/")[2])
    source = ToDeliver(
        webhook=webhook, event_type="report.revision_issued", stream=UUID(int=9), version=1, position=7
    )
    receipt = service.give(QueueDeliveries(wanted=(source,)))
    delivery = receipt.streams[0][0]
    attempt = RecordDeliveryAttempt(
        delivery_id=delivery, worker="w", status=500 if error else 204, duration_ms=5, error=error
    )
    service.give(attempt)
    service.catch_up()
    return f"{location}/deliveries/{delivery}"


def test_its_secret_is_in_the_answer_once(service: Service, administrator: Caller) -> None:
    first = administrator.post("/v1/webhooks", ERP, key="register-erp")
    again = administrator.post("/v1/webhooks", ERP, key="register-erp")
    assert first.json["secret"].startswith("whsec_")
    assert again.json["secret"] == first.json["secret"]
    assert first.headers["cache-control"] == "no-store"

    service.catch_up()
    shown = administrator.get(str(first.headers["location"]))
    assert first.json["secret"] not in shown.text
    assert "of-the-endpoint" not in shown.text + first.text
    assert shown.json["headers"] == ["Authorization"]
    assert shown.json["only"]["report_types"] == ["SAT"]
    service.clock.ahead += timedelta(minutes=11)
    repeated = service.signed_in(Role.ADMINISTRATOR).post("/v1/webhooks", ERP, key="register-erp")
    assert repeated.json["secret"] is None


def test_only_administrators_change_what_operators_see(
    service: Service, administrator: Caller, operator: Caller, engineer: Caller
) -> None:
    location = registered(administrator)
    service.catch_up()
    assert operator.get(location).json["name"] == "ERP"
    assert operator.get("/v1/webhooks").json["items"][0]["url"] == ERP["url"]
    assert operator.post("/v1/webhooks", ERP).status_code == 403
    for verb in ("pause", "resume", "test"):
        assert operator.post(f"{location}/{verb}", {} if verb == "pause" else None).status_code == 403
    assert engineer.get(location).status_code == 403
    assert engineer.get("/v1/webhooks").status_code == 403


def test_each_fault_is_pointed_at(administrator: Caller) -> None:
    answer = administrator.post("/v1/webhooks", {**ERP, "url": "https://127.0.0.1/", "event_types": ["all"]})
    assert answer.status_code == 422
    assert answer.json["code"] == "invalid_webhook"
    assert {each["pointer"] for each in answer.json["errors"]} == {"/url", "/event_types/0"}


def test_it_is_changed_at_the_version_that_was_seen(service: Service, administrator: Caller) -> None:
    location = registered(administrator)
    changed = {key: ERP[key] for key in ("url", "event_types")} | {"name": "SAP"}
    answer = administrator.put(location, changed, if_match='"v1"')
    assert (answer.status_code, answer.json["name"], answer.headers["etag"]) == (200, "SAP", '"v2"')
    assert answer.json["headers"] == ["Authorization"]
    assert administrator.put(location, changed, if_match='"v1"').status_code == 412
    assert administrator.put(location, changed).status_code == 428


def test_a_secret_is_exchanged_with_an_overlap(service: Service, administrator: Caller) -> None:
    location = registered(administrator)
    answer = administrator.post(f"{location}/rotate-secret", {"overlap_s": 3600})
    assert answer.json["secret"].startswith("whsec_")
    assert answer.json["signing_number"] == 2
    assert datetime.fromisoformat(answer.json["retiring_until"]) > datetime.now(UTC)
    assert administrator.post(f"{location}/rotate-secret", {"overlap_s": 10**9}).status_code == 422


def test_it_is_paused_resumed_and_deleted(service: Service, administrator: Caller) -> None:
    location = registered(administrator)
    assert administrator.post(f"{location}/pause", {"reason": "moving"}).json["paused_by"] == "user"
    service.catch_up()
    (listed,) = administrator.get("/v1/webhooks?paused_by=user").json["items"]
    assert listed["paused_because"] == "moving"
    assert administrator.post(f"{location}/pause", {}).json["code"] == "webhook_paused"
    assert administrator.post(f"{location}/resume").json["paused_by"] is None
    assert administrator.send("DELETE", location).status_code == 204
    service.catch_up()
    assert administrator.get(location).status_code == 404
    assert administrator.post(f"{location}/resume").json["code"] == "webhook_deleted"


def test_a_test_leads_to_its_delivery(service: Service, administrator: Caller) -> None:
    location = registered(administrator)
    answer = administrator.post(f"{location}/test")
    assert (answer.status_code, answer.json["event_type"]) == (202, "webhook.test")
    told = administrator.get(str(answer.headers["location"]))
    assert (told.json["state"], told.json["log"]) == ("queued", [])


def test_deliveries_tell_every_attempt_and_are_sent_once_more(
    service: Service, administrator: Caller, operator: Caller
) -> None:
    location = registered(administrator)
    failed = delivered(service, location, error="the endpoint answered 500")
    told = operator.get(failed)
    assert told.json["state"] == "retrying"
    assert [(each["number"], each["status"]) for each in told.json["log"]] == [(1, 500)]
    assert operator.get(location).json["waiting"] == 1
    assert operator.post(f"{failed}/resend", {}).json["code"] == "delivery_open"

    service.give(
        RecordDeliveryAttempt(
            delivery_id=UUID(failed.rpartition("/")[2]), worker="w", status=200, duration_ms=1
        )
    )
    service.catch_up()
    listed = operator.get(f"{location}/deliveries?state=succeeded").json["items"]
    assert [each["event_type"] for each in listed] == ["report.revision_issued"]
    again = operator.post(f"{failed}/resend", {"reason": "they lost it"})
    assert (again.status_code, again.json["state"]) == (202, "queued")
    other = location[:-1] + ("0" if location[-1] != "0" else "1")
    elsewhere = failed.replace(location, other)
    assert operator.get(elsewhere).status_code == 404
    for verb in ("resend", "cancel"):
        assert operator.post(f"{elsewhere}/{verb}", {"reason": "no"}).status_code == 404
    cancelled = operator.post(f"{failed}/cancel", {"reason": "nonsense"})
    assert (cancelled.status_code, cancelled.json["state"]) == (200, "dropped")
    settled = operator.post(f"/v1/jobs/{cancelled.json['id']}/cancel", {"reason": "again"})
    assert (settled.status_code, settled.json["code"]) == (409, "delivery_settled")
    service.catch_up()
    assert operator.get(failed).json["why"] == "nonsense"


def test_the_past_is_replayed_to_the_end_of_the_log(service: Service, administrator: Caller) -> None:
    location = registered(administrator)
    answer = administrator.post(f"{location}/replay", {"from_position": 1})
    assert (answer.status_code, answer.json["from_position"]) == (202, 1)
    assert answer.json["to_position"] > 1
    wrong = administrator.post(f"{location}/replay", {"from_position": 9, "to_position": 3})
    assert wrong.json["code"] == "invalid_replay"


def test_the_types_are_listed(operator: Caller) -> None:
    assert operator.get("/v1/webhooks/event-types").json["event_types"] == list(PublicType)


def test_a_delivery_that_was_given_up_is_a_job_that_is_taken_up_again(
    service: Service, administrator: Caller, operator: Caller
) -> None:
    location = registered(administrator)
    delivery = delivered(service, location, error="the endpoint answered 500").rpartition("/")[2]
    service.give(AbandonDelivery(delivery_id=UUID(delivery), reason="two workers were lost"))
    service.catch_up()
    job = operator.get(f"/v1/jobs/{delivery}").json
    assert (job["kind"], job["state"], job["error"]["message"]) == (
        "delivery",
        "failed",
        "two workers were lost",
    )
    again = operator.post(f"/v1/jobs/{delivery}/retry")
    assert (again.status_code, again.json["state"]) == (202, "queued")
    service.catch_up()
    assert operator.get("/v1/jobs?kind=delivery").json["items"][0]["state"] == "queued"
