"""What a mail says and who gets it, by the event that is the occasion for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import singledispatch
from uuid import UUID

from countersign.aggregates.report.recipient import Recipient
from countersign.aggregates.report.report import Report
from countersign.aggregates.root import Root

MOMENT = "%Y-%m-%d %H:%M UTC"


@dataclass(frozen=True, slots=True)
class Occasion:
    """Accounts, or people outside the service, and the facts for the text, none of them personal."""

    facts: Mapping[str, str]
    accounts: tuple[UUID, ...] = ()
    recipients: tuple[Recipient, ...] = ()


@singledispatch
def occasion(event: Root.Event, report: Report) -> Occasion:
    """What follows from an event of a report; `report` is as it was just before.

    Raises:
        LookupError: nobody is written to about such an event.
    """
    raise LookupError(f"nobody is written to about {type(event).__qualname__}")


@occasion.register
def _(event: Report.StageOpened, report: Report) -> Occasion:
    facts = {"stage": str(event.stage), "role": _spoken(event.role), "due": event.due_at.strftime(MOMENT)}
    return Occasion(_about(report) | facts, accounts=(event.approver,))


@occasion.register
def _(event: Report.StageReassigned, report: Report) -> Occasion:
    if event.due_at is None:
        return Occasion({})  # asked when the stage opens
    facts = {"stage": str(event.stage), "role": _spoken(event.role), "due": event.due_at.strftime(MOMENT)}
    return Occasion(_about(report) | facts, accounts=(event.approver,))


@occasion.register
def _(event: Report.ApproverReminded, report: Report) -> Occasion:
    role = next(each.role for each in report.stages if each.n == event.stage)
    facts = _waiting(report, event.stage, role, event.due_at) | {"overdue": ""}
    return Occasion(facts, accounts=(event.approver,))


@occasion.register
def _(event: Report.StageEscalated, report: Report) -> Occasion:
    facts = _waiting(report, event.stage, event.role, event.due_at)
    return Occasion(facts, accounts=tuple(dict.fromkeys((*event.to, report.owner))))


@occasion.register
def _(event: Report.StageApproved, report: Report) -> Occasion:
    role = next(each.role for each in report.stages if each.n == event.stage)
    later = next((each for each in report.stages if each.n > event.stage), None)
    if later is None and not event.comment.strip():
        return Occasion({})  # RevisionApproved says all there is to say
    facts = {
        "stage": str(event.stage),
        "role": _spoken(role),
        "review_code": event.review_code,
        "comment": event.comment.strip(),
        "next_role": "" if later is None else _spoken(later.role),
    }
    return Occasion(_about(report) | facts, accounts=(report.owner,))


@occasion.register
def _(event: Report.ChangesRequested, report: Report) -> Occasion:
    facts = {
        "stage": str(event.stage),
        "reason": event.reason,
        "report_version": str(event.originator_version),  # where the items are: they vanish with the report
    }
    signers = (signature.signer for signature in report.signatures)
    return Occasion(_about(report) | facts, accounts=tuple(dict.fromkeys((report.owner, *signers))))


@occasion.register
def _(event: Report.RevisionApproved, report: Report) -> Occasion:
    return Occasion(_about(report) | {"content_digest": event.content_digest}, accounts=(report.owner,))


@occasion.register
def _(event: Report.RevisionIssued, report: Report) -> Occasion:
    facts = {"issue_status": event.issue_status, "document_digest": event.document_digest}
    return Occasion(_about(report) | facts, recipients=event.recipients)


def document_name(report: Report, extension: str) -> str:
    """A file name that every system takes."""
    return re.sub(r"[^\w.-]+", "_", f"{report.document_number}-{report.revision}.{extension}")


def _about(report: Report) -> dict[str, str]:
    return {
        "report_id": str(report.id),
        "document_number": report.document_number,
        "title": report.title,
        "revision": report.revision,
        "project_reference": report.project_reference,
        "client_name": report.client_name,
    }


def _waiting(report: Report, stage: int, role: str, due_at: datetime) -> dict[str, str]:
    since = "" if report.open_stage is None else report.open_stage.opened_at.strftime(MOMENT)
    waiting = {"stage": str(stage), "role": _spoken(role), "due": due_at.strftime(MOMENT), "since": since}
    return _about(report) | waiting


def _spoken(role: str) -> str:
    return role.replace("_", " ")
