"""Work that waits for too long, unless why it waits is told anyway."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from countersign.cli.spans import span_of
from countersign.cli.status.observed import UNSEEN
from countersign.cli.status.problem import Component, Problem, strained
from countersign.cli.status.standing import Standing
from countersign.workers import schedule
from countersign.workers.kinds import MAIL, WEBHOOKS

LONGEST_WAIT_S: Final = 300.0
_LEAVES: Final = frozenset({MAIL, WEBHOOKS})
_MAIL_SERVER: Final = "smtp"


def problems_of_waiting(standing: Standing) -> Iterator[Problem]:
    """The queues that are taken from too slowly: no worker helps where there is no mail server, or a hold."""
    if not _somebody_works(standing):
        return
    for queue in standing.queues:
        if queue.overdue_s > LONGEST_WAIT_S and not _waits_with_reason(queue.queue, standing):
            yield strained(
                Component.QUEUES,
                f"Work in the queue {queue.queue} has been due for {span_of(queue.overdue_s)}.",
                _remedy(queue.queue),
            )


def _somebody_works(standing: Standing) -> bool:
    return any(holder is not None for role, holder in standing.roles.items() if role != schedule.ROLE)


def _waits_with_reason(queue: str, standing: Standing) -> bool:
    is_held = queue in _LEAVES and standing.keeping.hold is not None
    return is_held or (queue == MAIL and _lacks_mail_server(standing))


def _lacks_mail_server(standing: Standing) -> bool:
    return any(
        each.component == _MAIL_SERVER and not each.condition.is_well and standing.at - each.at < UNSEEN
        for each in standing.observed.components
    )


def _remedy(queue: str) -> str:
    if queue == MAIL:  # its rate is one for all workers together
        return "Raise queues.mail.rate_per_minute, if the mail server takes more, or queues.mail.concurrency."
    return f"Start another `countersign work`, or raise queues.{queue}.concurrency or .rate_per_minute."
