"""What the audit log says of documents and mails."""

from __future__ import annotations

from functools import singledispatch

from countersign.aggregates.email_message import EmailMessage
from countersign.aggregates.rendering import Rendering
from countersign.aggregates.root import Root


@singledispatch
def summary_of_documents(event: Root.Event) -> str | None:
    """The event in a sentence; None where it is of another kind, or without words of its own."""
    return None


@summary_of_documents.register
def _(event: Rendering.Created) -> str:
    return f"{event.kind} {event.format} of revision {event.revision} requested"


@summary_of_documents.register
def _(event: Rendering.Started) -> str:
    return f"Rendering started, attempt {event.attempt}"


@summary_of_documents.register
def _(event: Rendering.Completed) -> str:
    made = ", ".join(f"{file.format} {file.digest[:12]}" for file in event.artifacts)
    return f"Document rendered in {event.duration_ms} ms: {made}"


@summary_of_documents.register
def _(event: Rendering.AttemptFailed) -> str:
    return f"Rendering attempt {event.attempt} failed ({event.failure_class}): {event.message}"


@summary_of_documents.register
def _(event: Rendering.DeadLettered) -> str:
    return f"Rendering given up ({event.failure_class}): {event.message}"


@summary_of_documents.register
def _(event: Rendering.Retried) -> str:
    return "Rendering taken up again"


@summary_of_documents.register
def _(event: Rendering.Cancelled) -> str:
    return f"Rendering cancelled: {event.reason}"


@summary_of_documents.register
def _(event: Rendering.Discarded) -> str:
    return f"Rendering laid aside: {event.reason}"


@summary_of_documents.register
def _(event: EmailMessage.Created) -> str:
    return f"Mail {event.purpose} queued"


@summary_of_documents.register
def _(event: EmailMessage.Attempted) -> str:
    return f"Sending the mail, attempt {event.attempt}"


@summary_of_documents.register
def _(event: EmailMessage.Sent) -> str:
    return f"Mail accepted by the server: {event.reply_code} {event.reply}"


@summary_of_documents.register
def _(event: EmailMessage.Deferred) -> str:
    return f"Mail deferred by the server: {event.reply_code} {event.reply}"


@summary_of_documents.register
def _(event: EmailMessage.Bounced) -> str:
    return f"Mail refused by the server: {event.reply_code} {event.reply}"


@summary_of_documents.register
def _(event: EmailMessage.WentInDoubt) -> str:
    return f"Nobody knows whether the mail went out: {event.why}"


@summary_of_documents.register
def _(event: EmailMessage.DeadLettered) -> str:
    return f"Mail given up: {event.reason}"


@summary_of_documents.register
def _(event: EmailMessage.Suppressed) -> str:
    return "Mail held back: nobody is at its address"


@summary_of_documents.register
def _(event: EmailMessage.Resolved) -> str:
    return f"Mail {'to be sent again' if event.resent else 'dismissed'}: {event.reason}"
