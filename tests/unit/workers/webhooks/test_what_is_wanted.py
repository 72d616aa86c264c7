"""Which effects webhooks lead to, and in which lanes they wait."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from countersign.aggregates.report.report import Report
from countersign.aggregates.root import Root
from countersign.aggregates.webhook.delivery import WebhookDelivery
from countersign.aggregates.webhook.subscription import PausedBy, WebhookSubscription
from countersign.eventstore.mapper import Happened
from countersign.eventstore.metadata import Metadata
from countersign.workers.effect import Wanted
from countersign.workers.reactions.catalogue import reactions

AT = datetime(2026, 3, 1, tzinfo=UTC)
STREAM, WEBHOOK = UUID(int=1), UUID(int=2)
APPROVED: dict[str, Any] = {"revision": "R0", "content_digest": "c"}
QUEUED: dict[str, Any] = {
    "originator_topic": "webhook_delivery",
    "webhook": WEBHOOK,
    "event_id": UUID(int=3),
    "source": UUID(int=4),
    "source_version": 1,
    "position": 7,
}


def happened(event_class: type[Any], **fields: Any) -> Happened:
    event: Root.Event = event_class(originator_id=STREAM, originator_version=9, timestamp=AT, **fields)
    return Happened(
        event=event,
        position=2000,
        stream=STREAM,
        version=9,
        topic=event_class.TOPIC,
        recorded_at=AT,
        metadata=Metadata(actor=WEBHOOK, correlation="trail", command="Something", command_key="key"),
    )


def wanted(reaction: str, event: Happened, *, anybody_listens: bool = True) -> list[Wanted]:
    found = {each.name: each for each in reactions(anybody_listens=lambda: anybody_listens)}
    return list(found[reaction].react(event))


def test_a_public_event_is_compared_one_after_the_other_where_anybody_listens() -> None:
    event = happened(Report.RevisionApproved, **APPROVED)
    (plan,) = wanted("plan_deliveries", event)
    assert (plan.queue, plan.kind, plan.lane) == ("commands", "plan_deliveries", "webhooks")
    assert plan.payload == {"stream": str(STREAM), "version": 9, "type": "report.revision_approved"}
    assert wanted("plan_deliveries", event, anybody_listens=False) == []


def test_what_is_not_public_is_compared_with_nothing() -> None:
    asked: list[bool] = []

    def anybody_listens() -> bool:
        asked.append(True)
        return True

    listening = {each.name: each for each in reactions(anybody_listens=anybody_listens)}
    private = happened(WebhookSubscription.Resumed, by=PausedBy.USER)
    assert list(listening["plan_deliveries"].react(private)) == []
    assert asked == []


def test_deliveries_to_an_endpoint_wait_for_each_other_and_a_test_for_nobody() -> None:
    (delivery,) = wanted("deliver_webhook", happened(WebhookDelivery.Created, event_type="x", **QUEUED))
    (again,) = wanted(
        "deliver_webhook", happened(WebhookDelivery.Resent, webhook=WEBHOOK, by=WEBHOOK, reason="")
    )
    (test,) = wanted(
        "deliver_webhook", happened(WebhookDelivery.Created, event_type="webhook.test", **QUEUED)
    )
    assert delivery.lane == again.lane == f"webhook/{WEBHOOK}"
    assert (delivery.queue, delivery.job, delivery.priority) == ("webhooks", STREAM, 0)
    assert (test.lane, test.priority) == (None, -1)


def test_what_was_kept_is_hastened() -> None:
    for event in (
        happened(WebhookSubscription.Resumed, by=PausedBy.CIRCUIT),
        happened(WebhookSubscription.Deleted, reason=""),
    ):
        (hasten,) = wanted("hasten_deliveries", event)
        assert hasten.payload == {"lane": f"webhook/{STREAM}"}
    assert wanted("hasten_deliveries", happened(WebhookSubscription.Recovered, failures=1)) == []


def test_a_cancelled_delivery_is_called_off_and_those_behind_it_go_on() -> None:
    event = happened(WebhookDelivery.Cancelled, webhook=WEBHOOK, by=WEBHOOK, reason="nonsense")
    (call_off,) = wanted("call_off", event)
    assert call_off.payload == {"job_id": str(STREAM), "by": str(WEBHOOK)}
    (hasten,) = wanted("hasten_deliveries", event)
    assert hasten.payload == {"lane": f"webhook/{WEBHOOK}"}


def test_the_secrets_of_a_deleted_webhook_are_destroyed() -> None:
    (destroy,) = wanted("destroy_secrets", happened(WebhookSubscription.Deleted, reason=""))
    assert (destroy.kind, destroy.payload) == ("destroy_secrets", {"webhook_id": str(STREAM)})
    assert wanted("destroy_secrets", happened(WebhookSubscription.Recovered, failures=1)) == []


def test_a_replay_goes_by_stretches_in_their_order_up_to_where_it_was_asked_for() -> None:
    asked = happened(WebhookSubscription.ReplayRequested, from_position=3, to_position=9_999, by=WEBHOOK)
    stretches = wanted("replay_events", asked)
    spans = [(each.payload["from_position"], each.payload["to_position"]) for each in stretches]
    assert spans == [(3, 502), (503, 1002), (1003, 1502), (1503, 2000)]
    assert [each.priority for each in stretches] == [1, 2, 3, 4]
    assert len({each.lane for each in stretches}) == 1
