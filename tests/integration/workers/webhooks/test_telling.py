"""What happens to a report reaches who asked for it, over HTTP, signed and in order."""

from __future__ import annotations

from functools import partial
from uuid import UUID, uuid4

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from countersign.aggregates.root import Erased
from countersign.aggregates.webhook.delivery import DeliveryStatus
from countersign.aggregates.webhook.subscription import PausedBy, WebhookSubscription
from countersign.aggregates.webhook.terms import Only
from countersign.commands.webhook.cancel_delivery import CancelDelivery
from countersign.commands.webhook.delete_webhook import DeleteWebhook
from countersign.commands.webhook.pause_webhook import PauseWebhook
from countersign.commands.webhook.replay_webhook import ReplayWebhook
from countersign.commands.webhook.resend_delivery import ResendDelivery
from countersign.commands.webhook.resume_webhook import ResumeWebhook
from countersign.commands.webhook.rotate_webhook_secret import RotateWebhookSecret
from countersign.commands.webhook.try_webhook import TryWebhook
from tests.integration.workers.running import running, wait_until
from tests.integration.workers.webhooks.plant import WebhookPlant
from tests.integration.workers.webhooks.receiver import TAKEN, Answer, Receiver, Told
from tests.unit.commands.documents.office import Course

LIFE = [
    "report.created",
    "report.revision_submitted",
    "report.stage_opened",
    "report.stage_approved",
    "report.stage_opened",
    "report.stage_approved",
    "report.revision_approved",
]


def approved(plant: WebhookPlant, course: Course) -> None:
    course.submitted()
    course.approve(1, plant.tom)
    course.approve(2, plant.pia)


def all_are(plant: WebhookPlant, status: DeliveryStatus, count: int) -> bool:
    deliveries = plant.deliveries()
    return len(deliveries) == count and {each.status for each in deliveries} == {status}


def test_a_reports_way_is_told_in_order_and_signed(
    plant: WebhookPlant, course: Course, receiver: Receiver
) -> None:
    approved(plant, course)  # before anybody listened
    webhook = plant.registered(receiver.url, headers={"X-Key": "of-the-endpoint"})
    second = Course(plant)
    with running(*plant.tellers()):
        approved(plant, second)
        wait_until(lambda: all_are(plant, DeliveryStatus.SUCCEEDED, len(LIFE)))

    assert receiver.types == LIFE
    positions = [each.json["position"] for each in receiver.told]
    assert positions == sorted(positions)
    checked = Webhook(str(plant.webhook(webhook).secret))
    for told in receiver.told:
        checked.verify(told.body, told.headers)
        assert told.json["data"]["report_id"] == str(second.report_id)
        assert told.headers["x-key"] == "of-the-endpoint"


def test_only_what_was_asked_for_is_told(plant: WebhookPlant, course: Course, receiver: Receiver) -> None:
    plant.registered(receiver.url, event_types=("report.revision_approved",))
    plant.registered(receiver.url, only=Only(client_name="Somebody else"))
    with running(*plant.tellers()):
        approved(plant, course)
        wait_until(lambda: all_are(plant, DeliveryStatus.SUCCEEDED, 1))
    assert receiver.types == ["report.revision_approved"]


def test_both_secrets_are_good_while_they_are_exchanged(
    plant: WebhookPlant, course: Course, receiver: Receiver
) -> None:
    webhook = plant.registered(receiver.url)
    first = str(plant.webhook(webhook).secret)
    plant.give(RotateWebhookSecret(webhook_id=webhook, overlap_s=3600), plant.ada)
    second = str(plant.webhook(webhook).secret)
    with running(*plant.tellers()):
        course.create()
        wait_until(lambda: len(receiver.told) == 1)
        plant.later(hours=2)
        plant.give(TryWebhook(webhook_id=webhook, test_id=uuid4()), plant.ada)
        wait_until(lambda: len(receiver.told) == 2)

    during, after = receiver.told
    for secret in (first, second):
        Webhook(secret).verify(during.body, during.headers)
    assert len(after.headers["webhook-signature"].split(" ")) == 1
    with pytest.raises(WebhookVerificationError):
        Webhook(uuid4().hex).verify(during.body, during.headers)


def test_a_failing_endpoint_holds_up_what_follows_and_gets_all_of_it(
    plant: WebhookPlant, course: Course, receiver: Receiver
) -> None:
    answers = iter([(500, {}), (503, {"Retry-After": "7200"})])
    receiver.answer = lambda _told: next(answers, TAKEN)
    plant.registered(receiver.url)
    with running(*plant.tellers()):
        approved(plant, course)
        wait_until(lambda: plant.deliveries() and plant.deliveries()[0].attempts == 1)
        assert receiver.types == LIFE[:1]
        plant.later(minutes=2)
        wait_until(lambda: plant.deliveries()[0].attempts == 2)
        plant.later(minutes=100)  # the endpoint asked for more than the schedule would give it
        assert len(receiver.told) == 2
        plant.later(minutes=21)
        wait_until(lambda: all_are(plant, DeliveryStatus.SUCCEEDED, len(LIFE)))

    assert receiver.types == [LIFE[0], LIFE[0], *LIFE]
    assert len({each.id for each in receiver.told[:3]}) == 1
    assert len({each.body for each in receiver.told[:3]}) == 1


def test_what_happens_while_it_is_paused_is_told_afterwards(
    plant: WebhookPlant, course: Course, receiver: Receiver
) -> None:
    webhook = plant.registered(receiver.url)
    plant.give(PauseWebhook(webhook_id=webhook, reason="moving"), plant.ada)
    with running(*plant.tellers()):
        approved(plant, course)
        wait_until(lambda: len(plant.deliveries()) == len(LIFE))
        plant.give(TryWebhook(webhook_id=webhook, test_id=uuid4()), plant.ada)
        wait_until(lambda: receiver.types == ["webhook.test"])
        plant.give(ResumeWebhook(webhook_id=webhook), plant.ada)
        wait_until(lambda: all_are(plant, DeliveryStatus.SUCCEEDED, len(LIFE) + 1))
    assert receiver.types[1:] == LIFE
    assert "webhook.tested" in plant.topics()


def test_a_delivery_that_is_cancelled_holds_up_nobody(
    plant: WebhookPlant, course: Course, receiver: Receiver
) -> None:
    receiver.answer = lambda told: (500, {}) if told.json["type"] == LIFE[0] else TAKEN
    webhook = plant.registered(receiver.url)
    with running(*plant.tellers()):
        approved(plant, course)
        wait_until(lambda: len(plant.deliveries()) == len(LIFE) and plant.deliveries()[0].attempts == 1)
        stuck = plant.deliveries()[0].id
        plant.give(CancelDelivery(delivery_id=stuck, reason="they cannot take it"), plant.olga)
        wait_until(lambda: not any(each.is_open for each in plant.deliveries()))
        assert receiver.types == LIFE
        plant.give(DeleteWebhook(webhook_id=webhook), plant.ada)
        wait_until(lambda: secret_of(plant, webhook) == Erased(webhook))


def secret_of(plant: WebhookPlant, webhook: UUID) -> str | Erased:
    found = plant.another_store().aggregates.find(WebhookSubscription, webhook)
    assert found is not None
    return found.secret


def test_an_endpoint_that_is_gone_is_told_nothing_more(
    plant: WebhookPlant, course: Course, receiver: Receiver
) -> None:
    receiver.answer = lambda _told: (410, {})
    webhook = plant.registered(receiver.url)
    with running(*plant.tellers()):
        approved(plant, course)
        wait_until(lambda: plant.webhook(webhook).paused_by is PausedBy.GONE)
        wait_until(lambda: len(plant.deliveries()) == len(LIFE))
        plant.give(DeleteWebhook(webhook_id=webhook), plant.ada)
        wait_until(lambda: all_are(plant, DeliveryStatus.DROPPED, len(LIFE)))
    assert len(receiver.told) == 1


def failed_so_often(plant: WebhookPlant, webhook: UUID, failures: int) -> bool:
    return plant.webhook(webhook).failures >= failures


def test_after_twenty_failures_one_delivery_tries_whether_it_is_back(
    plant: WebhookPlant, course: Course, receiver: Receiver
) -> None:
    down = True

    def answer(_told: Told) -> Answer:
        return (500, {}) if down else TAKEN

    receiver.answer = answer
    webhook = plant.registered(receiver.url)
    with running(*plant.tellers()):
        approved(plant, course)
        for failures in range(1, 21):
            wait_until(partial(failed_so_often, plant, webhook, failures))
            plant.later(hours=30)
        assert plant.webhook(webhook).paused_by is PausedBy.CIRCUIT
        wait_until(lambda: plant.webhook(webhook).probes >= 1)
        down = False
        plant.later(hours=2)
        wait_until(lambda: plant.webhook(webhook).paused_by is None)
        wait_until(lambda: not any(each.is_open for each in plant.deliveries()))

    given_up = [each for each in plant.deliveries() if each.status is DeliveryStatus.DEAD_LETTERED]
    assert [each.event_type for each in given_up] == LIFE[:2]
    assert receiver.types[-5:] == LIFE[2:]


def test_what_was_given_up_is_sent_once_more_and_the_past_is_replayed_under_its_ids(
    plant: WebhookPlant, course: Course, receiver: Receiver
) -> None:
    before = course
    approved(plant, before)
    webhook = plant.registered(receiver.url)
    with running(*plant.tellers()):
        plant.give(
            ReplayWebhook(webhook_id=webhook, from_position=1, to_position=plant.log.head()), plant.ada
        )
        wait_until(lambda: all_are(plant, DeliveryStatus.SUCCEEDED, len(LIFE)))
        plant.give(ResendDelivery(delivery_id=plant.deliveries()[0].id, reason="lost"), plant.olga)
        wait_until(lambda: len(receiver.told) == len(LIFE) + 1)
        plant.give(
            ReplayWebhook(webhook_id=webhook, from_position=1, to_position=plant.log.head()), plant.ada
        )
        wait_until(lambda: len(receiver.told) == 2 * len(LIFE) + 1)

    ids = [each.id for each in receiver.told]
    assert receiver.types == [*LIFE, LIFE[0], *LIFE]
    assert ids == [*ids[: len(LIFE)], ids[0], *ids[: len(LIFE)]]


def test_an_address_behind_the_wall_is_not_called(
    plant: WebhookPlant, course: Course, receiver: Receiver
) -> None:
    plant.registered(receiver.url.replace("127.0.0.1", "localhost"))
    with running(*plant.tellers(allowed=())):
        course.create()
        wait_until(lambda: plant.deliveries() and plant.deliveries()[0].tries == 1)
    assert receiver.told == []
    (failed,) = [each.event for each in plant.events() if each.topic == "webhook_delivery.attempted"]
    assert failed.error == "the name localhost leads into a network that is not called"  # type: ignore[attr-defined]
