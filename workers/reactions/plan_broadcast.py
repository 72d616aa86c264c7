"""A broadcast that was ordered is mailed."""

from __future__ import annotations

from collections.abc import Sequence

from countersign.aggregates.broadcast import Broadcast
from countersign.eventstore.mapper import Happened
from countersign.workers.effect import Wanted
from countersign.workers.kinds import COMMANDS, PLAN_BROADCAST

AFTER_THE_OTHERS = 1


def plan_broadcast(happened: Happened) -> Sequence[Wanted]:
    """BroadcastOrdered: plan its mails, after what waits besides."""
    if not isinstance(happened.event, Broadcast.Created):
        return ()
    target = str(happened.stream)
    return (
        Wanted(
            queue=COMMANDS,
            kind=PLAN_BROADCAST,
            target=target,
            payload={"broadcast_id": target},
            priority=AFTER_THE_OTHERS,
        ),
    )
