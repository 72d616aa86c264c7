"""The facts that each purpose's text is filled with: what they mean, and how one looks.

None is personal, and none is what a report says: facts stand in the log unsealed and outlast the report.
Whoever plans a mail gives those of its purpose, except those that are `added` when it is sent: see
`letter_facts`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from countersign.aggregates.email_contents import EmailPurpose as For
from countersign.workers.mail.fact import REPORT, Fact
from countersign.workers.mail.facts_to_come import FACTS_TO_COME

_WHEN: Final = "2026-03-02 09:30 UTC"
_SERVICE: Final = {"service": Fact("where the service is", "https://reports.example", added=True)}
_AT: Final = {"at": Fact("when it happened", _WHEN)}
_STAGE: Final = {
    "stage": Fact("the number of the stage", "1"),
    "role": Fact("in which role its approver decides", "technical manager"),
    "due": Fact("when the decision is, or was, due", _WHEN),
}
_WAITING: Final = {**REPORT, **_STAGE, "since": Fact("when the stage was opened", "2026-02-20 14:00 UTC")}
_TICKET: Final = {
    "stream": Fact("the stream that the code is made for", "5f0c7c1e-0d5b-4c55-9d56-6a3f6a0b8a11"),
    "nonce": Fact("what else the code is made of", "c29tZXRoaW5n"),
    "until": Fact("how long the code holds", _WHEN),
    "code": Fact("the code itself", "C0DE-C0DE-C0DE", added=True),
}

_GIVEN: Final[Mapping[For, Mapping[str, Fact]]] = {
    For.APPROVAL_REQUEST: {**REPORT, **_STAGE},
    For.APPROVAL_REMINDER: {
        **_WAITING,
        "overdue": Fact('"yes" when the due time has passed, empty before', "yes"),
    },
    For.APPROVAL_ESCALATED: _WAITING,
    For.STAGE_APPROVED: {
        **REPORT,
        "stage": _STAGE["stage"],
        "role": Fact("in which role its approver has signed", "technical manager"),
        "review_code": Fact("A (approved) or B (approved as noted)", "B"),
        "comment": Fact("the approver's words; may be empty", "Mind the note at AI 3 & mend it on site."),
        "next_role": Fact("whose turn it is now; empty after the last stage", "project manager"),
    },
    For.CHANGES_REQUESTED: {
        **REPORT,
        "stage": _STAGE["stage"],
        "reason": Fact("why, in the approver's words", "The range of AI 3 is wrong."),
        "report_version": Fact("at which version of the report they were requested, with the items", "17"),
        "items": Fact(
            "what is to be changed, a line each; may be empty", "  - alarms: a limit is missing", added=True
        ),
    },
    For.REVISION_APPROVED: {
        **REPORT,
        "content_digest": Fact("SHA-256 of the content that was signed", "ab" * 32),
    },
    For.REVISION_ISSUED_CLIENT: {
        **REPORT,
        "issue_status": Fact("what the document is issued for", "IFA"),
        "document_digest": Fact("SHA-256 of the attached document", "cd" * 32),
    },
    For.EMAIL_VERIFY: _TICKET,
    For.ADDRESS_IN_USE: {},
    For.REGISTRATION_RECEIVED: {
        "account": Fact("the id of the account that waits", "5f0c7c1e-0d5b-4c55-9d56-6a3f6a0b8a11"),
        "role": Fact("the role that was asked for", "auditor"),
    },
    For.ACCOUNT_APPROVED: {"role": Fact("the role that was given", "auditor")},
    For.ACCOUNT_REJECTED: {"reason": Fact("why, in the administrator's words", "Nobody here knows you.")},
    For.PASSWORD_RESET: _TICKET,
    For.PASSWORD_CHANGED: _AT,
    For.EMAIL_CHANGE: _TICKET,
    For.EMAIL_CHANGED: _AT,
    For.MFA_CHANGED: {**_AT, "change": Fact("switched on, or switched off", "switched off")},
    For.ACCOUNT_LOCKED: {
        "count": Fact("how many attempts failed", "5"),
        "until": Fact("how long further ones are refused", _WHEN),
    },
    For.NEW_LOGIN: {**_AT, "factors": Fact("what was proved at the sign-in", "password, totp")},
    For.SECURITY_ALERT: {
        **_AT,
        "kind": Fact("the kind of event", "refresh_token_reused"),
        "what": Fact("what it means", "A refresh token was used twice: somebody has a copy."),
    },
    For.API_KEY_EXPIRING: {
        "client": Fact("the API client's name", "ERP import"),
        "client_id": Fact("its id", "5f0c7c1e-0d5b-4c55-9d56-6a3f6a0b8a11"),
        "key_prefix": Fact("how its keys begin", "cs_4f9a"),
        "until": Fact("when it ends", _WHEN),
    },
    For.SCHEDULE_RESULT: {
        **_AT,
        "schedule": Fact("the schedule's name", "Open reports of P-7, weekly"),
        "schedule_id": Fact("its id", "5f0c7c1e-0d5b-4c55-9d56-6a3f6a0b8a11"),
        "result": Fact("what was found, in a few lines", "3 reports, 1 of them overdue"),
    },
    For.BACKUP_FAILED: {
        **_AT,
        "step": Fact("what failed: making, verification or pruning", "verification"),
        "reason": Fact("why", "the archive is shorter than its manifest says"),
        "backup_id": Fact("the backup's id", "5f0c7c1e-0d5b-4c55-9d56-6a3f6a0b8a11"),
        "last_good": Fact("when the newest good one was made, or that there is none", _WHEN),
    },
    For.HEALTH_ALERT: {
        "component": Fact("what is not well", "mail server"),
        "severity": Fact("how bad it is: warning or critical", "critical"),
        "state": Fact("open, escalated or resolved", "open"),
        "since": Fact("since when", _WHEN),
        "reading": Fact("what was read", "no answer within 5 s"),
        "incident_id": Fact("the incident's id", "5f0c7c1e-0d5b-4c55-9d56-6a3f6a0b8a11"),
    },
    For.OPERATIONS_REPORT: {
        "period": Fact("daily, weekly or monthly", "weekly"),
        "begins": Fact("the beginning of the time that it is about", _WHEN),
        "ends": Fact("its end", _WHEN),
        "report_id": Fact("the report's id", "5f0c7c1e-0d5b-4c55-9d56-6a3f6a0b8a11"),
    },
    For.RETENTION_DUE: {
        "at": Fact("as of when", _WHEN),
        "count": Fact("how many reports could be disposed of", "2"),
        "reports": Fact(
            "their numbers, those first that have waited longest, a line each",
            "  - SAT-2014-0031, kept until 2026-02-28\n  - SAT-2014-0032, kept until 2026-03-01",
        ),
    },
    For.ADMIN_BROADCAST: {
        "broadcast_id": Fact("the broadcast that says it", "5f0c7c1e-0d5b-4c55-9d56-6a3f6a0b8a11"),
        "topic": Fact("what it is about, in one line", "The service is away on Sunday", added=True),
        "message": Fact(
            "plain text of the administrator; never a template",
            "From 08:00 to 10:00 UTC, for an upgrade.",
            added=True,
        ),
    },
    For.DIGEST: {
        "since": Fact("when the time that it covers began", _WHEN),
        "count": Fact("how many pieces of news there are", "2"),
        "entries": Fact(
            "the subject of each, a line each",
            "  - SAT-2026-0117 R0: approved\n  - SAT-2026-0118 R0: changes are requested",
        ),
    },
}
FACTS: Final[Mapping[For, Mapping[str, Fact]]] = MappingProxyType(
    {
        purpose: MappingProxyType({**_SERVICE, **given})
        for purpose, given in {**_GIVEN, **FACTS_TO_COME}.items()
    }
)


def examples(purpose: For) -> dict[str, str]:
    """A full set of facts for a purpose, as for a letter that nobody gets."""
    return {name: fact.example for name, fact in FACTS[purpose].items()}
