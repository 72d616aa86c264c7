"""Status tells of those who hear of what happens here: what waits for them, and who does not answer."""

from __future__ import annotations

from uuid import UUID, uuid4

from countersign.aggregates.root import event_id
from countersign.aggregates.webhook.delivery import delivery_id
from countersign.cli.foundation import Foundation
from countersign.cli.health_probes import health_probes
from countersign.commands.webhook.queue_deliveries import QueueDeliveries, ToDeliver
from countersign.commands.webhook.record_delivery_attempt import RecordDeliveryAttempt
from countersign.eventstore.context import SYSTEM, Context
from countersign.projections.health.reading import Condition
from tests.integration.cli.installation import ADMINISTRATOR, PASSWORD, Installation

AS = ("--as", ADMINISTRATOR, "--password-stdin", "--json")


def registered(there: Installation, name: str) -> UUID:
    said = there.run("webhooks", "register", name, "https://erp.example.com/", *AS, typed=PASSWORD)
    return UUID(said.json["webhook_id"])


def give(base: Foundation, command: object) -> None:
    context = Context(actor=SYSTEM, command_key=str(uuid4()), correlation="test")
    base.dispatcher.dispatch(command, context)


def planned(base: Foundation, webhook: UUID) -> UUID:
    stream = uuid4()
    wanted = ToDeliver(webhook=webhook, event_type="report.created", stream=stream, version=1, position=9)
    give(base, QueueDeliveries(wanted=(wanted,)))
    return delivery_id(webhook, event_id(stream, 1))


def failed(base: Foundation, delivery: UUID, status: int) -> None:
    error = f"the endpoint answered {status}"
    give(
        base,
        RecordDeliveryAttempt(delivery_id=delivery, worker="w", status=status, duration_ms=5, error=error),
    )


def test_status_answers_for_webhooks_too(on_sqlite: Installation) -> None:
    dead, gone, moving, _ = (registered(on_sqlite, name) for name in ("ERP", "Old", "New", "Well"))
    on_sqlite.run("webhooks", "pause", str(moving), "--reason", "they move", *AS, typed=PASSWORD)
    with on_sqlite.opened() as base:
        stuck = [planned(base, dead) for _ in range(3)]
        for attempt in range(20):
            failed(base, stuck[attempt // 7], 500)
        failed(base, planned(base, gone), 410)
        planned(base, moving)
    with on_sqlite.at_work() as base:
        said, document = on_sqlite.run("status"), on_sqlite.run("status", "--json").json
        reading = health_probes(base)["webhooks"]()

    assert said.status == 1
    behind = said.out.partition("WHAT IS BEHIND?")[2].partition("WHAT FAILED?")[0]
    assert "1 webhook has heard of everything" in behind
    for state in ("left alone", "gone", "paused by a person"):
        assert state in behind
    told = {each["name"]: (each["paused_by"], each["waiting"]) for each in document["endpoints"]}
    assert told == {"ERP": ("circuit", 1), "Old": ("gone", 1), "New": ("user", 1), "Well": (None, 0)}

    left_alone, is_gone = (each for each in document["problems"] if each["component"] == "webhooks")
    assert "20 attempts in a row failed, the last with: the endpoint answered 500. 1 " in left_alone["what"]
    assert f"countersign webhooks resume {gone}" in is_gone["remedy"]
    assert reading.condition is Condition.DEGRADED
    assert reading.figures == {"paused": 3.0, "waiting": 3.0, "given_up": 2.0}
