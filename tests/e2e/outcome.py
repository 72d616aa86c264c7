"""What must be true of a job that is done, however often its processes died on the way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from hashlib import sha256
from typing import Final

from countersign.aggregates.email_message import EmailMessage
from countersign.aggregates.email_status import EmailStatus
from countersign.aggregates.rendering import Rendering
from countersign.aggregates.report.report import Report
from countersign.eventstore.mapper import Happened
from tests.e2e.finished_job import FinishedJob, all_events, all_mails, topics_of

SECTIONS: Final = 22
STORY: Final = [
    "report.created",
    *["report.section_saved"] * SECTIONS,
    "report.test_result_recorded",
    *["report.approver_assigned"] * 2,
    "report.revision_submitted",
    "report.signature_applied",
    "report.stage_opened",
    "report.changes_requested",
    "report.approvals_invalidated",
    "report.section_saved",
    "report.revision_submitted",
    "report.signature_applied",
    "report.stage_opened",
    "report.signature_applied",
    "report.stage_approved",
    "report.stage_opened",
    "report.signature_applied",
    "report.stage_approved",
    "report.revision_approved",
    "report.revision_issued",
]
"""Every fact about the report, in order: nothing is missing and nothing happened twice."""

MAILS: Final = Counter(
    {
        ("approval_request", "tomas.dvorak"): 2,
        ("approval_request", "pyotr.orlov"): 1,
        ("changes_requested", "eleni.markaki"): 1,
        ("stage_approved", "eleni.markaki"): 1,
        ("revision_approved", "eleni.markaki"): 1,
        ("revision_issued_client", "nikos.papadakis"): 1,
    }
)


def require_good_outcome(job: FinishedJob) -> list[EmailMessage]:
    """Check the job; the mails of which nobody knows whether they went out.

    Other reports of the installation do not matter.
    """
    with job.opened() as base:
        events = all_events(base)
        mails = [mail for mail in all_mails(base) if mail.facts["report_id"] == str(job.report_id)]
    assert [each.position for each in events] == list(range(1, len(events) + 1))
    assert topics_of(events, job.report_id) == STORY
    assert all(answer["position"] <= len(events) for answer in job.answers.values())
    _require_documents_once(job, events)
    return _require_mails_once(job, mails)


def _require_documents_once(job: FinishedJob, events: Sequence[Happened]) -> None:
    ordered = {
        each.stream: each.event.kind
        for each in events
        if isinstance(each.event, Rendering.Created) and each.event.report_id == job.report_id
    }
    assert sorted(ordered.values()) == ["final", "review", "review"]
    made = Counter(each.stream for each in events if isinstance(each.event, Rendering.Completed))
    assert [made[rendering] for rendering in ordered] == [1, 1, 1]
    (issued,) = (each.event for each in events if isinstance(each.event, Report.RevisionIssued))
    assert sha256(job.document.read_bytes()).hexdigest() == issued.document_digest


def _require_mails_once(job: FinishedJob, mails: Sequence[EmailMessage]) -> list[EmailMessage]:
    assert Counter((mail.purpose, str(mail.to).partition("@")[0]) for mail in mails) == MAILS
    delivered = Counter(str(letter["Message-ID"]) for letter in job.mails)
    assert set(delivered.values()) <= {1}, "a mail came twice"
    for mail in mails:
        assert mail.status in {EmailStatus.SENT, EmailStatus.IN_DOUBT}
        if mail.status is EmailStatus.SENT:
            assert delivered[mail.message_id] == 1
    return [mail for mail in mails if mail.status is EmailStatus.IN_DOUBT]
