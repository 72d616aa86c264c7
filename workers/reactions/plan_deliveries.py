"""Whoever has asked for it hears of what happened."""

from __future__ import annotations

from collections.abc import Sequence

from countersign.aggregates.webhook.public_events import PUBLIC
from countersign.eventstore.mapper import Happened
from countersign.workers.effect import Wanted
from countersign.workers.kinds import COMMANDS, PLAN_DELIVERIES
from countersign.workers.webhooks.lanes import PLANNING


def plan_deliveries(happened: Happened) -> Sequence[Wanted]:
    """Any public event: find who hears of it, one event after the other."""
    event_type = PUBLIC.get(type(happened.event))
    if event_type is None:
        return ()
    payload = {"stream": str(happened.stream), "version": happened.version, "type": str(event_type)}
    target = str(happened.event_id)
    return (Wanted(queue=COMMANDS, kind=PLAN_DELIVERIES, target=target, payload=payload, lane=PLANNING),)
