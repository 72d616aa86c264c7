"""The events of reports, documents, mails and people, told in the words of the domain."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from countersign.aggregates.account import Account
from countersign.aggregates.api_client import ApiClient, api_client_id
from countersign.aggregates.artifact import Artifact
from countersign.aggregates.email_contents import Attached, EmailPurpose
from countersign.aggregates.email_message import EmailMessage
from countersign.aggregates.render_order import Format, Kind
from countersign.aggregates.rendering import FailureClass, Rendering
from countersign.aggregates.report.header import Change
from countersign.aggregates.report.recipient import Recipient
from countersign.aggregates.report.report import IssueStatus, Report
from countersign.aggregates.report.route import Stage
from countersign.aggregates.role import Role
from countersign.aggregates.root import event_id
from countersign.aggregates.security_event import SecurityEvent, SecurityEventKind, Severity
from countersign.aggregates.session import Session
from tests.integration.projections.journal import BEGIN, ENGINEER, MANAGER, Journal

CLIENT = UUID(int=103)
END = BEGIN + timedelta(days=30)
DIGEST = "d" * 64


class Story(Journal):
    """A journal that knows what happens to reports."""

    def account(self, account: UUID, name: str, role: Role) -> None:
        self.happen(
            account,
            Account.Created,
            name=name,
            email=f"{name.lower()}@example.com",
            email_identity=identity_of(account),
            password_hash="$argon2id$",
            requested_role=role,
        )
        self.happen(account, Account.Approved, role=role)

    def session(self, session: UUID, account: UUID = ENGINEER) -> None:
        self.happen(
            session,
            Session.Created,
            account=account,
            factors=("password",),
            expires_at=BEGIN + timedelta(hours=12),
            idle_s=1800,
            generation=0,
            network="192.0.2.7",
            agent="tablet",
            new_network=True,
            enrolment_only=False,
        )

    def api_client(self, name: str, creator: UUID = MANAGER, expires_at: datetime = END) -> UUID:
        client_id = api_client_id(name)
        self.happen(
            client_id,
            ApiClient.Created,
            name=name,
            creator=creator,
            prefix="aaaabbbbcccc",
            key_hash="0" * 64,
            scopes=("reports:read",),
            rate_limit=5000,
            expires_at=expires_at,
        )
        return client_id

    def refused(self) -> None:
        """Somebody was turned away at the door."""
        self.happen(
            uuid4(),
            SecurityEvent.Created,
            kind=SecurityEventKind.INVALID_TOKEN,
            severity=Severity.WARNING,
            subject=UUID(int=9),
            account=None,
            network="198.51.100.7",
            detail={"code": "invalid_token"},
            count=1,
            began_at=BEGIN,
        )

    def report(
        self, number: str = "SAT-1", title: str = "Pumping station", client: str = "Water & Co", **fields: Any
    ) -> UUID:
        report = fields.pop("report", None) or uuid4()
        values = {
            "report_type": "SAT",
            "type_version": 1,
            "document_number": number,
            "title": title,
            "project_reference": "P-1",
            "client_name": client,
            "owner": ENGINEER,
            "revision": "R0",
            "header": {"document_title": title, "client_name": client, "document_reference": number},
        }
        self.happen(report, Report.Created, **{**values, **fields})
        return UUID(str(report))

    def header_changed(self, report: UUID, **changes: tuple[str, str]) -> None:
        changed = {name: Change(old, new) for name, (old, new) in changes.items()}
        self.happen(report, Report.HeaderChanged, revision="R0", changes=changed, digest=DIGEST)

    def section_saved(self, report: UUID, section: str, content: Any, ref: str | None = None) -> None:
        """With a `ref` the event only names the content, which is stored beside the log."""
        digest = self.store.blobs.put(json.dumps(content).encode()) if ref else None
        self.happen(
            report,
            Report.SectionSaved,
            revision="R0",
            section=section,
            digest=DIGEST,
            row_count=len(content) if isinstance(content, list) else 0,
            content=None if ref else content,
            content_ref=digest,
            changed_paths=(),
        )

    def imported(self, report: UUID, section: str, rows: list[dict[str, str]]) -> None:
        counted: dict[str, Any] = {"accepted": len(rows), "rejected": (), "rejected_count": 0}
        kept: dict[str, Any] = {
            "digest": DIGEST,
            "row_count": len(rows),
            "content": rows,
            "content_ref": None,
        }
        where: dict[str, Any] = {"revision": "R0", "section": section, "source": "csv"}
        self.happen(report, Report.RowsImported, **where, **counted, **kept)

    def tested(self, report: UUID, section: str, row: str, previous: str, result: str, **told: str) -> None:
        said: dict[str, Any] = {"comment": "", "verified_by": "Ann", "measured": "", "unit": "", **told}
        known: dict[str, Any] = {"revision": "R0", "section": section, "row_id": row, "digest": "e" * 64}
        self.happen(report, Report.TestResultRecorded, result=result, previous=previous, **known, **said)

    def submitted(self, report: UUID) -> None:
        self.happen(
            report,
            Report.RevisionSubmitted,
            revision="R0",
            content_digest=DIGEST,
            section_digests={"header": DIGEST},
            stages=(Stage(1, Role.TECHNICAL_MANAGER, MANAGER, "Technical Manager", 48),),
            gates_passed=("required_fields",),
            template=UUID(int=5),
            template_version=1,
            template_digest="t" * 64,
            comment="ready",
        )
        self.signed(report, 0, ENGINEER)

    def signed(self, report: UUID, stage: int, signer: UUID) -> UUID:
        signature = event_id(report, self.versions[report] + 1)
        self.happen(
            report,
            Report.SignatureApplied,
            actor=signer,
            signature_id=signature,
            revision="R0",
            stage=stage,
            signer=signer,
            printed_name="Ann Author",
            role=Role.ENGINEER,
            meaning="authorship",
            content_digest=DIGEST,
            factors=("password",),
            authenticated_at=BEGIN,
        )
        return signature

    def stage_opened(self, report: UUID, stage: int = 1, approver: UUID = MANAGER) -> UUID:
        due_at = BEGIN + timedelta(days=stage)
        who: dict[str, Any] = {"role": Role.TECHNICAL_MANAGER, "approver": approver, "remind_at": ()}
        return self.happen(report, Report.StageOpened, revision="R0", stage=stage, due_at=due_at, **who)

    def stage_approved(self, report: UUID, stage: int = 1, approver: UUID = MANAGER) -> None:
        said: dict[str, Any] = {"review_code": "A", "comment": "", "duration_s": 60}
        self.signed(report, stage, approver)
        self.happen(
            report, Report.StageApproved, approver, revision="R0", stage=stage, approver=approver, **said
        )

    def approved(self, report: UUID) -> UUID:
        return self.happen(report, Report.RevisionApproved, MANAGER, revision="R0", content_digest=DIGEST)

    def changes_requested(self, report: UUID, signatures: tuple[UUID, ...] = ()) -> UUID:
        said: dict[str, Any] = {
            "reason": "The tags are wrong",
            "items": (),
            "review_code": "C",
            "by": MANAGER,
        }
        cause = self.happen(report, Report.ChangesRequested, MANAGER, revision="R0", stage=1, **said)
        fallen: dict[str, Any] = {"signatures": signatures, "cause": "changes_requested"}
        self.happen(report, Report.ApprovalsInvalidated, MANAGER, revision="R0", **fallen)
        return cause

    def withdrawn(self, report: UUID) -> None:
        self.happen(report, Report.SubmissionWithdrawn, revision="R0", reason="One more row", by=ENGINEER)

    def issued(self, report: UUID, rendering: UUID, recipients: tuple[Recipient, ...]) -> UUID:
        return self.happen(
            report,
            Report.RevisionIssued,
            MANAGER,
            revision="R0",
            rendering_id=rendering,
            document_digest="f" * 64,
            issue_status=IssueStatus.FINAL,
            recipients=recipients,
            by=MANAGER,
        )

    def archived(self, report: UUID) -> None:
        until = BEGIN.replace(year=BEGIN.year + 10)
        kept: dict[str, Any] = {"policy_version": 1, "retention_until": until}
        self.happen(report, Report.Archived, MANAGER, reason="handed over", by=MANAGER, **kept)

    def held(self, report: UUID, matter: str = "3 O 17/26") -> None:
        self.happen(report, Report.LegalHoldPlaced, MANAGER, matter=matter, reason="a claim", by=MANAGER)

    def rendering(self, report: UUID, kind: Kind = Kind.FINAL, rendering: UUID | None = None) -> UUID:
        rendering = rendering or uuid4()
        digests: dict[str, Any] = {
            "input_digest": "1" * 64,
            "content_digest": DIGEST,
            "template_digest": "t" * 64,
        }
        about: dict[str, Any] = {"report_id": report, "revision": "R0", "kind": kind, "format": Format.DOCX}
        self.happen(rendering, Rendering.Created, **about, **digests, engine_version="1")
        return rendering

    def rendered(self, rendering: UUID, digest: str = "f" * 64) -> None:
        self.happen(rendering, Rendering.Started, worker="w1", attempt=1)
        made = (Artifact(Format.DOCX, digest, 20_000),)
        self.happen(rendering, Rendering.Completed, artifacts=made, duration_ms=340)

    def rendering_failed(self, rendering: UUID, *, final: bool = False) -> None:
        failure: dict[str, Any] = {"failure_class": FailureClass.TIMEOUT, "message": "600 s were not enough"}
        retry_at = None if final else BEGIN + timedelta(hours=5)
        self.happen(rendering, Rendering.Started, worker="w1", attempt=1)
        self.happen(rendering, Rendering.AttemptFailed, **failure, attempt=1, retry_at=retry_at)
        if final:
            self.happen(rendering, Rendering.DeadLettered, **failure)

    def mail(
        self, cause: UUID, subject: UUID, purpose: EmailPurpose = EmailPurpose.APPROVAL_REQUEST, **said: Any
    ) -> UUID:
        mail = uuid4()
        values: Mapping[str, Any] = {
            "name": "Max Manager",
            "to": "max@example.com",
            "facts": {},
            "attachments": (Attached("SAT-1.docx", "f" * 64, "application/docx"),),
            "message_id": f"<{mail}@example.com>",
        }
        known: dict[str, Any] = {"purpose": purpose, "cause": cause, "subject": subject}
        self.happen(mail, EmailMessage.Created, **known, **{**values, **said})
        return mail

    def mail_attempted(self, mail: UUID, attempt: int = 1) -> None:
        self.happen(mail, EmailMessage.Attempted, attempt=attempt, worker="w2")

    def mail_sent(self, mail: UUID) -> None:
        self.mail_attempted(mail)
        self.happen(mail, EmailMessage.Sent, reply_code=250, reply="accepted")


def identity_of(account: UUID) -> UUID:
    return UUID(int=account.int + 1000)
