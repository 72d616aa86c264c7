"""A delivery is tried by its schedule until it arrives or is given up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from countersign.aggregates.account_refusals import ReasonRequired
from countersign.aggregates.webhook.delivery import DeliveryStatus, WebhookDelivery, delivery_id
from countersign.aggregates.webhook.public_events import TEST
from countersign.aggregates.webhook.refusals import DeliveryOpen, DeliverySettled
from countersign.aggregates.webhook.retries import pause_after
from tests.unit.aggregates.webhook.given import ADMINISTRATOR, AT, EVENT, REFUSED, TAKEN, WEBHOOK, delivery

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def test_one_event_is_one_delivery_to_an_endpoint() -> None:
    assert delivery().id == delivery_id(WEBHOOK, EVENT)
    assert delivery_id(WEBHOOK, EVENT) != delivery_id(ADMINISTRATOR, EVENT)


def test_it_is_tried_by_the_schedule_and_then_given_up() -> None:
    sent, pauses = delivery(), []
    while sent.is_open:
        sent.record_failure(AT, REFUSED, 0.0)
        if sent.retry_at is not None:
            pauses.append(sent.retry_at - AT)
    assert pauses == [MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 8 * HOUR, 24 * HOUR]
    assert (sent.status, sent.attempts) == (DeliveryStatus.DEAD_LETTERED, 7)


def test_pauses_are_spread_by_a_fifth() -> None:
    assert pause_after(1, 1.0) == timedelta(seconds=72)
    assert pause_after(7, 1.0) is None


def test_who_asks_for_a_pause_gets_it_up_to_a_day() -> None:
    assert pause_after(1, 0.0, asked=HOUR) == HOUR
    assert pause_after(1, 0.0, asked=timedelta(seconds=1)) == MINUTE
    assert pause_after(1, 0.0, asked=timedelta(days=9)) == timedelta(days=1)


def test_an_arrival_settles_it() -> None:
    sent = delivery()
    sent.record_failure(AT, REFUSED, 0.0)
    sent.record_arrival(AT, TAKEN)
    assert (sent.status, sent.attempts, sent.tries, sent.is_open) == (DeliveryStatus.SUCCEEDED, 2, 2, False)
    acts: tuple[Callable[[], None], ...] = (
        lambda: sent.record_arrival(AT, TAKEN),
        lambda: sent.record_failure(AT, REFUSED, 0.0),
        lambda: sent.record_vain_probe(AT, REFUSED, AT),
        lambda: sent.give_up(AT, "no"),
    )
    for act in acts:
        with pytest.raises(DeliverySettled):
            act()


def test_a_vain_probe_counts_against_no_delivery() -> None:
    sent = delivery()
    sent.record_vain_probe(AT, REFUSED, AT + HOUR)
    assert (sent.attempts, sent.tries, sent.retry_at) == (0, 1, AT + HOUR)


def test_a_test_is_tried_once() -> None:
    sent = delivery(TEST)
    sent.record_failure(AT, REFUSED, 0.0)
    assert sent.status is DeliveryStatus.DEAD_LETTERED


def test_what_is_settled_can_be_sent_once_more_under_its_id() -> None:
    sent = delivery()
    with pytest.raises(DeliveryOpen):
        sent.resend(AT, ADMINISTRATOR, "")
    sent.give_up(AT, "its secret is gone")
    sent.resend(AT, ADMINISTRATOR, "they lost it")
    assert (sent.status, sent.attempts, sent.event_id) == (DeliveryStatus.QUEUED, 0, EVENT)


def test_what_nobody_waits_for_is_dropped_once() -> None:
    sent = delivery()
    sent.drop(AT, "deleted")
    sent.drop(AT, "deleted")
    assert (sent.status, sent.version) == (DeliveryStatus.DROPPED, 2)


def test_a_person_has_it_not_sent_and_says_why() -> None:
    sent = delivery()
    sent.record_failure(AT, REFUSED, 0.0)
    with pytest.raises(ReasonRequired):
        sent.cancel(AT, ADMINISTRATOR, "  ")
    sent.cancel(AT, ADMINISTRATOR, " it says nonsense ")
    cancelled = sent.pending_events[-1]
    assert isinstance(cancelled, WebhookDelivery.Cancelled)
    assert (cancelled.webhook, cancelled.by, cancelled.reason) == (WEBHOOK, ADMINISTRATOR, "it says nonsense")
    assert (sent.status, sent.is_open) == (DeliveryStatus.DROPPED, False)
    with pytest.raises(DeliverySettled):
        sent.cancel(AT, ADMINISTRATOR, "again")
    sent.resend(AT, ADMINISTRATOR, "it was right after all")
    assert sent.is_open


def test_an_error_is_kept_to_a_length() -> None:
    sent = delivery()
    sent.record_failure(AT, replace(REFUSED, error="x" * 5000), 0.0)
    attempted = sent.pending_events[-1]
    assert isinstance(attempted, WebhookDelivery.Attempted)
    assert len(attempted.error) == 300
