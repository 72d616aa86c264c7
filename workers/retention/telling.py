"""Tells those who see to the archive which reports could be disposed of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import UUID, uuid4

from countersign.aggregates.email_contents import EmailPurpose
from countersign.aggregates.role import Role
from countersign.aggregates.root import Erased, derived_id
from countersign.commands.email.queue_email import QueueEmail
from countersign.eventstore.aggregates import Aggregates
from countersign.eventstore.context import SYSTEM, Context
from countersign.eventstore.databases import Database
from countersign.projections.reports.retention_due_queries import Waiting, waiting_for_proposal
from countersign.workers.issuer import Dispatch
from countersign.workers.mail.occasion import MOMENT
from countersign.workers.mail.operators import holders_of


class TellOfRetention:
    """Writes to every document controller, when something has become due since the last time."""

    def __init__(self, read: Database, aggregates: Aggregates, dispatcher: Dispatch) -> None:
        self._read = read
        self._aggregates = aggregates
        self._dispatcher = dispatcher

    def tell(self, now: datetime, told_to: datetime | None) -> datetime | None:
        """Plan the mails; `told_to`, as the result, is since when the newest waited that was told of."""
        waiting = waiting_for_proposal(self._read, now)
        if waiting is None or (told_to is not None and waiting.newest <= told_to):
            return told_to
        cause = derived_id("retention_due", waiting.newest.astimezone(UTC).isoformat())
        facts = _facts(waiting, now)
        for to in holders_of(self._aggregates, Role.DOCUMENT_CONTROLLER):
            if not isinstance(to.email, Erased):
                name = "" if isinstance(to.name, Erased) else to.name
                self._plan(cause, to.subject, name, to.email, facts)
        return waiting.newest

    def _plan(self, cause: UUID, subject: UUID, name: str, to: str, facts: Mapping[str, str]) -> None:
        command = QueueEmail(
            purpose=EmailPurpose.RETENTION_DUE, cause=cause, subject=subject, name=name, to=to, facts=facts
        )
        context = Context(
            actor=SYSTEM, command_key=str(uuid4()), correlation=f"retention {cause}", fresh_key=True
        )
        self._dispatcher.dispatch(command, context)


def _facts(waiting: Waiting, now: datetime) -> Mapping[str, str]:
    lines = [f"  - {number}, kept until {until:%Y-%m-%d}" for number, until in waiting.first]
    if waiting.count > len(lines):
        lines.append(f"  and {waiting.count - len(lines)} more")
    return {"at": now.strftime(MOMENT), "count": str(waiting.count), "reports": "\n".join(lines)}
