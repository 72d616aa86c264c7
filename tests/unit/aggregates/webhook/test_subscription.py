"""An endpoint is told, paused, left alone, and told again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, cast

import pytest

from countersign.aggregates.webhook.directory import MOST_WEBHOOKS, WebhookDirectory
from countersign.aggregates.webhook.refusals import (
    InvalidReplay,
    TooManyWebhooks,
    WebhookDeleted,
    WebhookNotPaused,
    WebhookPaused,
)
from countersign.aggregates.webhook.subscription import PausedBy, WebhookSubscription
from tests.unit.aggregates.webhook.given import (
    ADMINISTRATOR,
    AT,
    EVENT,
    REFUSED,
    TAKEN,
    WEBHOOK,
    terms,
    webhook,
)

MINUTE = timedelta(minutes=1)


def left_alone() -> WebhookSubscription:
    endpoint = webhook()
    for _ in range(20):
        endpoint.note_failure(AT, "timed out")
    return endpoint


def test_after_twenty_failures_in_a_row_it_is_left_alone() -> None:
    endpoint = webhook()
    for _ in range(19):
        endpoint.note_failure(AT, "timed out")
    before = endpoint.paused_by

    endpoint.note_failure(AT, "timed out")
    assert (before, endpoint.paused_by) == (None, PausedBy.CIRCUIT)
    assert endpoint.tried_at(AT) == AT + 5 * MINUTE
    assert endpoint.tried_at(AT + 9 * MINUTE) == AT + 9 * MINUTE


def test_an_arrival_in_between_begins_the_row_anew() -> None:
    endpoint = webhook()
    for _ in range(19):
        endpoint.note_failure(AT, "timed out")
    endpoint.note_arrival(AT)
    endpoint.note_failure(AT, "timed out")
    assert (endpoint.paused_by, endpoint.failures) == (None, 1)


def test_nothing_is_noted_of_what_goes_well() -> None:
    endpoint = webhook()
    endpoint.note_arrival(AT)
    assert endpoint.version == 1


def test_it_is_tried_again_in_growing_pauses_of_an_hour_at_most() -> None:
    endpoint = left_alone()
    pauses = []
    for _ in range(6):
        endpoint.note_failure(AT, "timed out")
        tried_at = endpoint.tried_at(AT)
        assert tried_at is not None
        pauses.append((tried_at - AT) // MINUTE)
    assert pauses == [10, 20, 40, 60, 60, 60]


def test_one_arrival_ends_the_pause() -> None:
    endpoint = left_alone()
    endpoint.note_arrival(AT)
    assert (endpoint.paused_by, endpoint.failures, endpoint.probe_at) == (None, 0, None)
    assert endpoint.tried_at(AT) == AT


def test_an_endpoint_that_is_gone_waits_for_a_person() -> None:
    endpoint = webhook()
    endpoint.note_gone(AT)
    endpoint.note_gone(AT)
    endpoint.note_failure(AT, "410")
    assert (endpoint.paused_by, endpoint.tried_at(AT), endpoint.version) == (PausedBy.GONE, None, 2)

    with pytest.raises(WebhookPaused):
        endpoint.pause(AT, "")
    endpoint.resume(AT)
    assert endpoint.tried_at(AT) == AT


def test_a_person_pauses_what_was_left_alone() -> None:
    endpoint = left_alone()
    endpoint.pause(AT, "moving house")
    assert (endpoint.paused_by, endpoint.tried_at(AT)) == (PausedBy.USER, None)
    endpoint.note_gone(AT)
    endpoint.note_failure(AT, "timed out")
    assert endpoint.paused_by is PausedBy.USER


def test_only_what_is_paused_is_resumed() -> None:
    with pytest.raises(WebhookNotPaused):
        webhook().resume(AT)


def test_both_secrets_sign_while_they_are_exchanged() -> None:
    endpoint = webhook()
    endpoint.rotate(AT, "whsec_second", timedelta(hours=1))
    assert endpoint.secrets_at(AT + 59 * MINUTE) == ("whsec_second", "whsec_first")
    assert endpoint.secrets_at(AT + 60 * MINUTE) == ("whsec_second",)
    assert endpoint.secret_number == 2


def test_the_same_terms_change_nothing() -> None:
    endpoint = webhook()
    endpoint.change(AT, terms())
    assert endpoint.version == 1
    endpoint.change(AT, terms(event_types=("report.created",), headers={"X-Key": "s"}))
    assert endpoint.hears_of("report.created")
    assert not endpoint.hears_of("document.completed")
    assert endpoint.terms == terms(event_types=("report.created",), headers={"X-Key": "s"})


def test_nothing_is_done_with_a_deleted_webhook() -> None:
    endpoint = webhook()
    endpoint.delete(AT, "not needed")
    endpoint.delete(AT, "not needed")
    endpoint.note_failure(AT, "timed out")
    endpoint.note_gone(AT)
    assert endpoint.version == 2
    assert not endpoint.hears_of("report.created")
    refused: tuple[Callable[[], object], ...] = (
        lambda: endpoint.pause(AT, ""),
        lambda: endpoint.resume(AT),
        lambda: endpoint.change(AT, terms(name="other")),
        lambda: endpoint.rotate(AT, "whsec_x", MINUTE),
        lambda: endpoint.replay(AT, ADMINISTRATOR, 1, 2),
    )
    for act in refused:
        with pytest.raises(WebhookDeleted):
            act()


@pytest.mark.parametrize("span", [(0, 5), (6, 5), (1, 1_000_001)])
def test_a_replay_is_of_positions_that_there_are(span: tuple[int, int]) -> None:
    with pytest.raises(InvalidReplay):
        webhook().replay(AT, ADMINISTRATOR, *span)


def test_replays_and_tests_leave_it_as_it_is() -> None:
    endpoint, before = webhook(), webhook()
    endpoint.replay(AT, ADMINISTRATOR, 1, 5)
    endpoint.note_test(AT, EVENT, TAKEN)
    endpoint.note_test(AT, EVENT, REFUSED)
    asked, good, bad = cast(list[Any], endpoint.pending_events[1:])
    assert (asked.from_position, asked.to_position) == (1, 5)
    assert (good.succeeded, bad.succeeded, bad.status) == (True, False, 500)
    assert (endpoint.failures, endpoint.paused_by) == (before.failures, before.paused_by)


def test_the_directory_holds_what_is_not_deleted_and_no_more_than_it_can() -> None:
    directory = WebhookDirectory.open(AT)
    directory.enter(AT, WEBHOOK)
    directory.enter(AT, EVENT)
    directory.strike(AT, WEBHOOK)
    assert directory.webhooks == (EVENT,)

    directory.webhooks = (EVENT,) * MOST_WEBHOOKS
    with pytest.raises(TooManyWebhooks):
        directory.enter(AT, WEBHOOK)
