"""Who may have an endpoint told of what, and what becomes of its secret."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from countersign.aggregates.webhook.delivery import DeliveryStatus, WebhookDelivery, delivery_id
from countersign.aggregates.webhook.directory import DIRECTORY_ID, WebhookDirectory
from countersign.aggregates.webhook.public_events import TEST
from countersign.aggregates.webhook.refusals import InvalidWebhook, WebhookDeleted
from countersign.aggregates.webhook.subscription import PausedBy, WebhookSubscription
from countersign.commands.permit import NotPermitted
from countersign.commands.webhook.change_webhook import ChangeWebhook
from countersign.commands.webhook.delete_webhook import DeleteWebhook
from countersign.commands.webhook.pause_webhook import PauseWebhook
from countersign.commands.webhook.record_delivery_attempt import RecordDeliveryAttempt
from countersign.commands.webhook.register_webhook import RegisterWebhook, WebhookExists
from countersign.commands.webhook.replay_webhook import ReplayWebhook
from countersign.commands.webhook.resume_webhook import ResumeWebhook
from countersign.commands.webhook.rotate_webhook_secret import RotateWebhookSecret
from countersign.commands.webhook.try_webhook import TryWebhook
from countersign.eventstore.store import NotFound, StaleVersion
from tests.unit.commands.people.service import Service

URL = "https://erp.example.com/hook"


def kept(service: Service, webhook: UUID) -> WebhookSubscription:
    return service.state(WebhookSubscription, webhook)


def test_its_secret_is_drawn_and_opened_for_those_who_sign_only(service: Service, webhook: UUID) -> None:
    endpoint = kept(service, webhook)
    assert str(endpoint.secret).startswith("whsec_")
    assert [(each.name, each.value) for each in endpoint.headers] == [
        ("Authorization", "Bearer of-the-endpoint")
    ]
    stored = b"".join(recorded.state + recorded.metadata for recorded in service.log.read(0, 1000))
    assert str(endpoint.secret).encode() not in stored
    assert b"of-the-endpoint" not in stored


def test_it_is_in_the_directory_until_it_is_deleted(
    service: Service, administrator: UUID, webhook: UUID
) -> None:
    assert service.state(WebhookDirectory, DIRECTORY_ID).webhooks == (webhook,)
    another = uuid4()
    service.give(RegisterWebhook(webhook_id=another, name="BI", url=URL), administrator)
    service.give(DeleteWebhook(webhook_id=webhook, reason="moved"), administrator)
    service.give(DeleteWebhook(webhook_id=webhook), administrator)
    assert service.state(WebhookDirectory, DIRECTORY_ID).webhooks == (another,)
    with pytest.raises(WebhookDeleted):
        service.give(TryWebhook(webhook_id=webhook, test_id=uuid4()), administrator)


def test_it_is_registered_once(service: Service, administrator: UUID, webhook: UUID) -> None:
    with pytest.raises(WebhookExists):
        service.give(RegisterWebhook(webhook_id=webhook, name="ERP", url=URL), administrator)


def test_headers_stay_unless_others_are_given(service: Service, administrator: UUID, webhook: UUID) -> None:
    change = ChangeWebhook(webhook_id=webhook, expected_version=1, name="SAP", url=URL)
    service.give(change, administrator)
    assert kept(service, webhook).headers[0].value == "Bearer of-the-endpoint"
    service.give(
        ChangeWebhook(webhook_id=webhook, expected_version=2, name="SAP", url=URL, headers={}), administrator
    )
    assert kept(service, webhook).headers == ()
    with pytest.raises(StaleVersion):
        service.give(change, administrator)


def test_the_secret_before_signs_for_the_overlap(
    service: Service, administrator: UUID, webhook: UUID
) -> None:
    first = kept(service, webhook).secret
    service.give(RotateWebhookSecret(webhook_id=webhook, overlap_s=3600), administrator)
    endpoint = kept(service, webhook)
    assert endpoint.secrets_at(service.now) == (endpoint.secret, first)
    assert endpoint.secret != first
    for overlap_s in (-1, 7 * 86_400 + 1):
        with pytest.raises(InvalidWebhook):
            service.give(RotateWebhookSecret(webhook_id=webhook, overlap_s=overlap_s), administrator)


def test_it_is_paused_and_resumed(service: Service, administrator: UUID, webhook: UUID) -> None:
    service.give(PauseWebhook(webhook_id=webhook, reason=" moving "), administrator)
    assert kept(service, webhook).paused_by is PausedBy.USER
    service.give(ResumeWebhook(webhook_id=webhook), administrator)
    assert kept(service, webhook).paused_by is None


def test_a_test_is_a_delivery_of_its_own_and_told_at_the_webhook(
    service: Service, administrator: UUID, webhook: UUID
) -> None:
    test_id = uuid4()
    service.give(TryWebhook(webhook_id=webhook, test_id=test_id), administrator)
    service.give(TryWebhook(webhook_id=webhook, test_id=test_id), administrator)
    delivery = service.state(WebhookDelivery, delivery_id(webhook, test_id))
    assert (delivery.event_type, delivery.event_id, delivery.version) == (TEST, test_id, 1)

    told = RecordDeliveryAttempt(
        delivery_id=delivery.id, worker="w", status=500, duration_ms=3, error="answered 500"
    )
    service.give(told)
    assert service.state(WebhookDelivery, delivery.id).status is DeliveryStatus.DEAD_LETTERED
    assert service.topics()[-1] == "webhook.tested"
    assert kept(service, webhook).failures == 0


def test_a_good_test_says_so(service: Service, administrator: UUID, webhook: UUID) -> None:
    test_id = uuid4()
    service.give(TryWebhook(webhook_id=webhook, test_id=test_id), administrator)
    delivery = delivery_id(webhook, test_id)
    service.give(RecordDeliveryAttempt(delivery_id=delivery, worker="w", status=200, duration_ms=3))
    assert service.happened()[-1].event.succeeded  # type: ignore[attr-defined]


def test_a_replay_is_asked_for(service: Service, administrator: UUID, webhook: UUID) -> None:
    service.give(ReplayWebhook(webhook_id=webhook, from_position=1, to_position=3), administrator)
    assert service.topics()[-1] == "webhook.replay_requested"


def every_order(webhook: UUID) -> tuple[Any, ...]:
    return (
        RegisterWebhook(webhook_id=uuid4(), name="ERP", url=URL),
        ChangeWebhook(webhook_id=webhook, expected_version=1, name="SAP", url=URL),
        RotateWebhookSecret(webhook_id=webhook, overlap_s=0),
        PauseWebhook(webhook_id=webhook),
        ResumeWebhook(webhook_id=webhook),
        TryWebhook(webhook_id=webhook, test_id=uuid4()),
        ReplayWebhook(webhook_id=webhook, from_position=1, to_position=2),
        DeleteWebhook(webhook_id=webhook),
    )


def test_an_operator_only_looks(service: Service, operator: UUID, webhook: UUID) -> None:
    for order in every_order(webhook):
        with pytest.raises(NotPermitted):
            service.give(order, operator)


def test_what_is_not_there_is_not_found(service: Service, administrator: UUID) -> None:
    for order in every_order(uuid4())[1:]:
        with pytest.raises(NotFound):
            service.give(order, administrator)
