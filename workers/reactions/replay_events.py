"""An endpoint that asks for the past is told of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from countersign.aggregates.webhook.subscription import WebhookSubscription
from countersign.eventstore.mapper import Happened
from countersign.workers.effect import Wanted
from countersign.workers.kinds import REPLAY_EVENTS, WEBHOOKS
from countersign.workers.webhooks.lanes import lane_of, replay_lane_of

STRETCH: Final = 500
AFTER_THE_OTHERS: Final = 1


def replay_events(happened: Happened) -> Sequence[Wanted]:
    """WebhookReplayRequested: plan the deliveries, a stretch of the log after the other."""
    event = happened.event
    if not isinstance(event, WebhookSubscription.ReplayRequested):
        return ()
    last = min(event.to_position, happened.position)
    starts = range(event.from_position, last + 1, STRETCH)
    return tuple(
        Wanted(
            queue=WEBHOOKS,
            kind=REPLAY_EVENTS,
            target=f"{start:012}",
            payload={
                "webhook_id": str(happened.stream),
                "webhook_lane": lane_of(happened.stream),
                "from_position": start,
                "to_position": min(start + STRETCH - 1, last),
            },
            priority=AFTER_THE_OTHERS + number,
            lane=replay_lane_of(happened.stream),
        )
        for number, start in enumerate(starts)
    )
