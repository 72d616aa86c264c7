"""Every reaction there is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from countersign.eventstore.mapper import Happened
from countersign.workers.effect import Wanted
from countersign.workers.reactions.alert_administrators import alert_administrators
from countersign.workers.reactions.ask_for_approval import ask_for_approval
from countersign.workers.reactions.call_off import call_off
from countersign.workers.reactions.call_off_review_copies import call_off_review_copies
from countersign.workers.reactions.carry_out_disposition import carry_out_disposition
from countersign.workers.reactions.deliver_email import deliver_email
from countersign.workers.reactions.deliver_webhook import deliver_webhook
from countersign.workers.reactions.destroy_content import destroy_content
from countersign.workers.reactions.destroy_secrets import destroy_secrets
from countersign.workers.reactions.hasten_deliveries import hasten_deliveries
from countersign.workers.reactions.maintain import maintain
from countersign.workers.reactions.order_final_document import order_final_document
from countersign.workers.reactions.order_review_copy import order_review_copy
from countersign.workers.reactions.plan_broadcast import plan_broadcast
from countersign.workers.reactions.plan_deliveries import plan_deliveries
from countersign.workers.reactions.reaction import React, Reaction
from countersign.workers.reactions.remind_of_approval import remind_of_approval
from countersign.workers.reactions.render_document import render_document
from countersign.workers.reactions.replay_events import replay_events
from countersign.workers.reactions.run_schedule import run_schedule
from countersign.workers.reactions.send_issued_revision import send_issued_revision
from countersign.workers.reactions.send_operations_report import send_operations_report
from countersign.workers.reactions.tell_of_approval import tell_of_approval
from countersign.workers.reactions.tell_of_backup import tell_of_backup
from countersign.workers.reactions.tell_of_incident import tell_of_incident
from countersign.workers.reactions.tell_of_requested_changes import tell_of_requested_changes
from countersign.workers.reactions.time_schedule import time_schedule
from countersign.workers.reactions.time_stage import time_stage
from countersign.workers.reactions.write_to_people import write_to_people

ALWAYS: Final[tuple[React, ...]] = (
    order_final_document,
    render_document,
    ask_for_approval,
    time_stage,
    time_schedule,
    run_schedule,
    remind_of_approval,
    tell_of_requested_changes,
    tell_of_approval,
    send_issued_revision,
    write_to_people,
    alert_administrators,
    plan_broadcast,
    deliver_email,
    deliver_webhook,
    hasten_deliveries,
    destroy_secrets,
    replay_events,
    maintain,
    carry_out_disposition,
    destroy_content,
    tell_of_backup,
    tell_of_incident,
    send_operations_report,
    call_off,
    call_off_review_copies,
)


def reactions(
    *,
    review_copies: Callable[[], bool] = lambda: True,
    anybody_listens: Callable[[], bool] = lambda: True,
) -> tuple[Reaction, ...]:
    """The reactions there are, under the names of their functions; what is given is asked at each event.

    `anybody_listens` tells whether there are webhooks: without any, no event needs to be compared with them.
    """

    def order_while_switched_on(event: Happened) -> Sequence[Wanted]:
        return order_review_copy(event) if review_copies() else ()

    def plan_while_anybody_listens(event: Happened) -> Sequence[Wanted]:
        wanted = plan_deliveries(event)
        return wanted if wanted and anybody_listens() else ()

    switched = (
        Reaction(order_review_copy.__name__, order_while_switched_on),
        Reaction(plan_deliveries.__name__, plan_while_anybody_listens),
    )
    return (*switched, *(Reaction(react.__name__, react) for react in ALWAYS))
