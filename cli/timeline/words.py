"""What happened, in words for a reader who wants names and digests and not ids."""

from __future__ import annotations

from collections.abc import Callable
from functools import singledispatch
from typing import Final
from uuid import UUID

from countersign.aggregates.email_message import EmailMessage
from countersign.aggregates.report.report import Report
from countersign.aggregates.root import Root
from countersign.projections.audit.audit_summary import summary

NameOf = Callable[[UUID], str]
_SHOWN: Final = 12


@singledispatch
def words(event: Root.Event, name_of: NameOf) -> str:
    """The event in a sentence, as the audit log has it unless people are concerned."""
    return summary(event)


@words.register
def _(event: Report.ApproverAssigned, name_of: NameOf) -> str:
    return f"{name_of(event.approver)} is asked to approve stage {event.stage} as {_spoken(event.role)}"


@words.register
def _(event: Report.StageOpened, name_of: NameOf) -> str:
    due = f"{event.due_at:%Y-%m-%d %H:%M}"
    return f"Stage {event.stage} waits for {name_of(event.approver)} ({_spoken(event.role)}) until {due}"


@words.register
def _(event: Report.ApproverReminded, name_of: NameOf) -> str:
    return f"{name_of(event.approver)} is reminded of stage {event.stage}, due {event.due_at:%Y-%m-%d %H:%M}"


@words.register
def _(event: Report.StageEscalated, name_of: NameOf) -> str:
    to = ", ".join(map(name_of, event.to))
    return f"Stage {event.stage} is overdue at {name_of(event.approver)}: {to} hear of it"


@words.register
def _(event: Report.StageReassigned, name_of: NameOf) -> str:
    passed = f"from {name_of(event.previous)} to {name_of(event.approver)}"
    return f"Stage {event.stage} ({_spoken(event.role)}) given {passed}: {event.reason}"


@words.register
def _(event: Report.SignatureApplied, name_of: NameOf) -> str:
    place = "author" if event.stage == 0 else f"approver of stage {event.stage}"
    proof = " and ".join(event.factors)
    return (
        f"{event.printed_name} ({_spoken(event.role)}) signed as {place}: {event.meaning}; "
        f"content {event.content_digest[:_SHOWN]}, proved by {proof}"
    )


@words.register
def _(event: Report.ApprovalsInvalidated, name_of: NameOf) -> str:
    count = len(event.signatures)
    signatures = "1 signature" if count == 1 else f"{count} signatures"
    return f"{signatures} of revision {event.revision} no longer count: {_spoken(event.cause)}"


@words.register
def _(event: Report.RevisionApproved, name_of: NameOf) -> str:
    return f"Revision {event.revision} approved, content {event.content_digest[:_SHOWN]}"


@words.register
def _(event: Report.RevisionIssued, name_of: NameOf) -> str:
    to = ", ".join(str(recipient.name) for recipient in event.recipients)
    document = event.document_digest[:_SHOWN]
    return f"Revision {event.revision} issued ({event.issue_status}) to {to}, document {document}"


@words.register
def _(event: EmailMessage.Created, name_of: NameOf) -> str:
    return f"Mail to {event.name} planned: {_spoken(event.purpose)}"


def _spoken(term: str) -> str:
    return term.replace("_", " ")
