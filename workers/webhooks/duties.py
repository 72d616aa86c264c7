"""What is done about webhooks."""

from __future__ import annotations

import random
from collections.abc import Mapping

from countersign.workers.duty import Duty
from countersign.workers.effects import Effects
from countersign.workers.equipment import Equipment
from countersign.workers.history import History
from countersign.workers.kinds import (
    DELIVER_WEBHOOK,
    DESTROY_SECRETS,
    HASTEN_DELIVERIES,
    PLAN_DELIVERIES,
    REPLAY_EVENTS,
)
from countersign.workers.webhooks.delivering import DeliverWebhook
from countersign.workers.webhooks.destroying import DestroySecrets
from countersign.workers.webhooks.hastening import HastenDeliveries
from countersign.workers.webhooks.matching import Matching
from countersign.workers.webhooks.occasions import Occasions
from countersign.workers.webhooks.planning import PlanDeliveries
from countersign.workers.webhooks.replaying import ReplayEvents


def duties(equipment: Equipment) -> Mapping[str, Duty]:
    """The duties by the kind of their effects."""
    around, issuer = equipment.around, equipment.issuer
    aggregates, log, clock = around.store.aggregates, around.log, around.clock
    occasions = Occasions(aggregates, History(log, around.store.mapper))
    matching = Matching(aggregates, log, occasions)
    effects = Effects(around.databases.read)
    return {
        PLAN_DELIVERIES: PlanDeliveries(matching, issuer),
        DELIVER_WEBHOOK: DeliverWebhook(
            aggregates, occasions, issuer, equipment.options.endpoints, clock, random.random
        ),
        HASTEN_DELIVERIES: HastenDeliveries(effects, clock, around.wakeups),
        DESTROY_SECRETS: DestroySecrets(around.databases),
        REPLAY_EVENTS: ReplayEvents(aggregates, log, matching, effects, issuer, clock),
    }
