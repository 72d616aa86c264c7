"""What workers find and record about deliveries, and what people do about them."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from countersign.aggregates.root import event_id
from countersign.aggregates.webhook.delivery import DeliveryStatus, WebhookDelivery, delivery_id
from countersign.aggregates.webhook.refusals import DeliveryOpen, DeliverySettled, WebhookDeleted
from countersign.aggregates.webhook.subscription import PausedBy, WebhookSubscription
from countersign.commands.webhook.abandon_delivery import AbandonDelivery
from countersign.commands.webhook.cancel_delivery import CancelDelivery
from countersign.commands.webhook.delete_webhook import DeleteWebhook
from countersign.commands.webhook.queue_deliveries import QueueDeliveries, ToDeliver
from countersign.commands.webhook.record_delivery_attempt import RecordDeliveryAttempt
from countersign.commands.webhook.resend_delivery import ResendDelivery
from countersign.commands.webhook.resume_webhook import ResumeWebhook
from countersign.eventstore.store import NotFound
from tests.unit.commands.people.service import Service

REPORT = UUID(int=9)


def wanted(webhook: UUID, version: int = 1) -> ToDeliver:
    return ToDeliver(
        webhook=webhook, event_type="report.created", stream=REPORT, version=version, position=70 + version
    )


def delivery_of(webhook: UUID, version: int = 1) -> UUID:
    return delivery_id(webhook, event_id(REPORT, version))


@pytest.fixture
def delivery(service: Service, webhook: UUID) -> UUID:
    service.give(QueueDeliveries(wanted=(wanted(webhook),)))
    return delivery_of(webhook)


def kept(service: Service, delivery: UUID) -> WebhookDelivery:
    return service.state(WebhookDelivery, delivery)


def endpoint_of(service: Service, webhook: UUID) -> WebhookSubscription:
    return service.state(WebhookSubscription, webhook)


def arrived(service: Service, delivery: UUID) -> None:
    service.give(RecordDeliveryAttempt(delivery_id=delivery, worker="w", status=200, duration_ms=7))


def failed(service: Service, delivery: UUID, status: int = 500, asked_s: float | None = None) -> None:
    service.give(
        RecordDeliveryAttempt(
            delivery_id=delivery,
            worker="w",
            status=status,
            duration_ms=7,
            error=f"answered {status}",
            asked_s=asked_s,
        )
    )


def test_an_event_is_planned_once_for_each_webhook(service: Service, webhook: UUID) -> None:
    order = QueueDeliveries(wanted=(wanted(webhook), wanted(webhook, 2), wanted(uuid4())))
    service.give(order)
    service.give(order)
    assert service.topics().count("webhook_delivery.queued") == 2
    planned = kept(service, delivery_of(webhook, 2))
    assert (planned.source, planned.source_version, planned.position) == (REPORT, 2, 72)


def test_a_deleted_webhook_is_told_nothing(service: Service, administrator: UUID, webhook: UUID) -> None:
    service.give(DeleteWebhook(webhook_id=webhook), administrator)
    service.give(QueueDeliveries(wanted=(wanted(webhook),)))
    assert "webhook_delivery.queued" not in service.topics()


def test_a_replay_sends_again_what_is_settled(service: Service, webhook: UUID, delivery: UUID) -> None:
    order = QueueDeliveries(wanted=(wanted(webhook),), again=True)
    service.give(order)
    assert service.topics()[-1] == "webhook_delivery.queued"
    arrived(service, delivery)
    service.give(order)
    assert kept(service, delivery).status is DeliveryStatus.QUEUED


def test_an_arrival_is_all_there_is_to_say(service: Service, delivery: UUID) -> None:
    arrived(service, delivery)
    assert service.topics()[-2:] == ["webhook_delivery.attempted", "webhook_delivery.succeeded"]


def test_a_failure_is_noted_at_the_endpoint_and_an_arrival_ends_it(
    service: Service, webhook: UUID, delivery: UUID
) -> None:
    failed(service, delivery)
    assert kept(service, delivery).retry_at == service.now + timedelta(minutes=1)
    assert endpoint_of(service, webhook).failures == 1
    arrived(service, delivery)
    assert endpoint_of(service, webhook).failures == 0


def test_who_asks_to_be_sent_less_is_left_alone_so_long_and_not_held_for_dead(
    service: Service, webhook: UUID, delivery: UUID
) -> None:
    failed(service, delivery, 429, asked_s=600.0)
    assert kept(service, delivery).retry_at == service.now + timedelta(minutes=10)
    assert endpoint_of(service, webhook).failures == 0


def test_an_endpoint_that_is_gone_is_paused_and_its_delivery_waits(
    service: Service, administrator: UUID, webhook: UUID, delivery: UUID
) -> None:
    failed(service, delivery, 410)
    assert endpoint_of(service, webhook).paused_by is PausedBy.GONE
    assert kept(service, delivery).is_open
    service.give(ResumeWebhook(webhook_id=webhook), administrator)
    arrived(service, delivery)


def test_while_an_endpoint_is_left_alone_its_deliveries_lose_no_attempts(
    service: Service, webhook: UUID
) -> None:
    versions = (1, 2, 3, 4)
    service.give(QueueDeliveries(wanted=tuple(wanted(webhook, version) for version in versions)))
    for version in versions[:3]:
        for _ in range(7):
            if endpoint_of(service, webhook).paused_by is None:
                failed(service, delivery_of(webhook, version))
    assert endpoint_of(service, webhook).paused_by is PausedBy.CIRCUIT
    assert endpoint_of(service, webhook).failures == 20

    last = delivery_of(webhook, 4)
    for pause_min in (10, 20):
        failed(service, last, 429 if pause_min == 20 else 0)
        assert kept(service, last).retry_at == service.now + timedelta(minutes=pause_min)
    assert (kept(service, last).attempts, kept(service, last).tries) == (0, 2)
    arrived(service, last)
    assert endpoint_of(service, webhook).paused_by is None


def test_an_operator_has_it_sent_once_more(
    service: Service, operator: UUID, administrator: UUID, webhook: UUID, delivery: UUID
) -> None:
    with pytest.raises(DeliveryOpen):
        service.give(ResendDelivery(delivery_id=delivery), operator)
    arrived(service, delivery)
    service.give(ResendDelivery(delivery_id=delivery, reason="they lost it"), operator)
    assert kept(service, delivery).is_open
    arrived(service, delivery)
    service.give(DeleteWebhook(webhook_id=webhook), administrator)
    with pytest.raises(WebhookDeleted):
        service.give(ResendDelivery(delivery_id=delivery), operator)


def test_an_operator_has_it_not_sent(service: Service, operator: UUID, webhook: UUID, delivery: UUID) -> None:
    service.give(CancelDelivery(delivery_id=delivery, webhook_id=webhook, reason="nonsense"), operator)
    assert kept(service, delivery).status is DeliveryStatus.DROPPED
    with pytest.raises(DeliverySettled):
        service.give(CancelDelivery(delivery_id=delivery, reason="again"), operator)


def test_a_delivery_to_another_webhook_is_not_meant(
    service: Service, operator: UUID, webhook: UUID, delivery: UUID
) -> None:
    with pytest.raises(NotFound):
        service.give(CancelDelivery(delivery_id=delivery, webhook_id=uuid4(), reason="no"), operator)
    arrived(service, delivery)
    with pytest.raises(NotFound):
        service.give(ResendDelivery(delivery_id=delivery, webhook_id=uuid4()), operator)
    service.give(ResendDelivery(delivery_id=delivery, webhook_id=webhook), operator)
    assert kept(service, delivery).is_open


def test_what_cannot_be_sent_is_given_up_and_what_nobody_waits_for_is_dropped(
    service: Service, administrator: UUID, webhook: UUID, delivery: UUID
) -> None:
    service.give(AbandonDelivery(delivery_id=delivery, reason="its secret was erased"))
    assert kept(service, delivery).status is DeliveryStatus.DEAD_LETTERED
    service.give(AbandonDelivery(delivery_id=delivery, reason="again"))
    assert service.topics()[-1] == "webhook_delivery.dead_lettered"

    service.give(QueueDeliveries(wanted=(wanted(webhook, 2),)))
    service.give(DeleteWebhook(webhook_id=webhook), administrator)
    service.give(AbandonDelivery(delivery_id=delivery_of(webhook, 2), reason=""))
    assert kept(service, delivery_of(webhook, 2)).status is DeliveryStatus.DROPPED
