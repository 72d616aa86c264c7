"""What a mail says that stands elsewhere, or nowhere: found, or made, when the mail is sent.

A code must stand nowhere else; what a report says vanishes with the report; and a broadcast is not repeated
in every mail of it. A mail that was planned with such a fact by an earlier version says it as it stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final
from uuid import UUID

from countersign.aggregates.broadcast import Broadcast
from countersign.aggregates.email_contents import EmailPurpose
from countersign.aggregates.report.remarks import Item
from countersign.aggregates.report.report import Report
from countersign.commands.account.one_time_tokens import OneTimeTokens, TokenPurpose
from countersign.eventstore.aggregates import Aggregates
from countersign.workers.history import History

CODES: Final[Mapping[EmailPurpose, TokenPurpose]] = MappingProxyType(
    {
        EmailPurpose.EMAIL_VERIFY: TokenPurpose.REGISTRATION,
        EmailPurpose.EMAIL_CHANGE: TokenPurpose.EMAIL_CHANGE,
        EmailPurpose.PASSWORD_RESET: TokenPurpose.PASSWORD_RESET,
    }
)


class LetterFacts:
    """Completes the facts that a mail was planned with."""

    def __init__(
        self, aggregates: Aggregates, history: History, public_url: str, tokens: OneTimeTokens
    ) -> None:
        self._aggregates = aggregates
        self._history = history
        self._public_url = public_url
        self._tokens = tokens

    def to_send(self, purpose: EmailPurpose, facts: Mapping[str, str]) -> dict[str, str]:
        """All that the text of the purpose is filled with."""
        told = {**facts, "service": self._public_url}
        if "report_id" in facts:
            told["link"] = f"{self._public_url}/v1/reports/{facts['report_id']}"
        if "report_version" in facts:
            told["items"] = self._items(UUID(facts["report_id"]), int(facts["report_version"]))
        if "broadcast_id" in facts:
            told |= self._words(UUID(facts["broadcast_id"]))
        if purpose in CODES:
            told["code"] = self._tokens.make(CODES[purpose], UUID(facts["stream"]), facts["nonce"])
        return told

    def _items(self, report_id: UUID, version: int) -> str:
        event = self._history.event(report_id, version)
        if not isinstance(event, Report.ChangesRequested):
            raise LookupError(f"no changes were requested at version {version} of {report_id}")
        return "\n".join(map(_line, event.items))

    def _words(self, broadcast_id: UUID) -> dict[str, str]:
        broadcast = self._aggregates.find(Broadcast, broadcast_id)
        if broadcast is None:
            raise LookupError(f"no broadcast {broadcast_id}")
        return {"topic": broadcast.topic, "message": broadcast.message}


def _line(item: Item) -> str:
    place = f"{item.section}, row {item.row}" if item.row else item.section
    return f"  - {place}: {item.text}"
