"""A generated client does the main job: a program with an API key writes the report, people sign it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from countersign.aggregates.role import Role
from countersign.cli.demo.people import cast
from countersign.cli.demo.sample import FAILED_TEST, load_sample
from tests.e2e.generated_client import Generated, generate
from tests.e2e.served_job import ServedJob

pytestmark = pytest.mark.slow
SCOPES = ["reports:read", "reports:create", "reports:update", "reports:download"]
ROUTE = {1: Role.TECHNICAL_MANAGER, 2: Role.PROJECT_MANAGER}


@pytest.fixture
def api(served: ServedJob, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generated:
    monkeypatch.syspath_prepend(str(tmp_path))
    return generate(served.url, tmp_path)


@dataclass
class Team:
    """The people who are signed in, and the program that works for the administrator."""

    api: Generated
    served: ServedJob
    signed_in: dict[Role, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        end = (datetime.now(UTC) + timedelta(days=1)).isoformat()
        terms = {"name": "Commissioning laptop", "scopes": SCOPES, "expires_at": end, "rate_limit": 5000}
        made = self.call(
            "api_clients.post_api_clients", Role.ADMINISTRATOR, body=self.form("TermsForm", terms)
        )
        self.program = self.api.program(made.parsed.key)

    def person(self, role: Role) -> Any:
        if role not in self.signed_in:
            who = cast(self.served.job.run)[role]
            form = self.form("Credentials", {"email": who.email, "password": who.password})
            with self.api.anybody() as anybody:
                tokens = self.api.call("signing_in.post_log_in", anybody, body=form).parsed
            self.signed_in[role] = self.api.program(tokens.access_token)
        return self.signed_in[role]

    def form(self, name: str, fields: dict[str, Any]) -> Any:
        return self.api.model(name, fields)

    def call(self, operation: str, who: Role | None, *path: Any, **arguments: Any) -> Any:
        client = self.program if who is None else self.person(who)
        return self.api.call(operation, client, *path, **arguments)

    def sign(self, operation: str, role: Role, report: UUID, *path: Any, body: Any) -> Any:
        password = cast(self.served.job.run)[role].password
        proof = self.form("PasswordForm", {"password": password})
        proved = self.call("signing_in.post_reauthenticate", role, body=proof).parsed
        self.person(role).get_httpx_client().close()
        self.signed_in[role] = self.api.program(proved.access_token)
        return self.call(operation, role, report, *path, body=body, if_match=self.tag(report))

    def tag(self, report: UUID) -> str:
        seen = self.call("reports.get_one_report", None, report)
        return str(seen.headers["ETag"])


@pytest.fixture
def team(api: Generated, served: ServedJob) -> Iterator[Team]:
    team = Team(api, served)
    yield team
    for client in (team.program, *team.signed_in.values()):
        client.get_httpx_client().close()


def test_a_generated_client_runs_the_main_job(team: Team) -> None:
    report = begin(team)
    fill(team, report)
    assign(team, report)
    team.sign("approval.post_submission", Role.ADMINISTRATOR, report, body=team.form("SubmissionForm", {}))
    approve(team, report)
    document, digest = final_document(team, report)
    issue(team, report, document)

    file = team.call("documents.get_document", None, document)
    assert sha256(file.content).hexdigest() == digest
    assert file.parsed.payload.read()[:2] == b"PK"
    seen = team.call("reports.get_one_report", None, report).parsed
    assert (seen.status, seen.issue.document_digest) == ("issued", digest)


def begin(team: Team) -> UUID:
    header = {**load_sample().header, "document_reference": f"KAL-{uuid4().hex[:8]}"}
    form = team.form("NewReport", {"report_type": "SAT", "header": header})
    begun: UUID = team.call("reports.post_reports", None, body=form, idempotency_key=str(uuid4())).parsed.id
    return begun


def fill(team: Team, report: UUID) -> None:
    sample = load_sample()
    for section, content in sample.first_draft().items():
        form = team.form("SectionForm", {"content": content})
        team.call("sections.put_one_section", None, report, section, body=form, if_match='"empty"')
    section, row_id = FAILED_TEST
    row = sample.row(FAILED_TEST)
    found = {key: row[key] for key in ("result", "comment", "verified_by")}
    digest = team.call("sections.get_one_section", None, report, section).headers["ETag"]
    form = team.form("ResultForm", found)
    team.call("sections.post_result_of_row", None, report, section, row_id, body=form, if_match=digest)


def assign(team: Team, report: UUID) -> None:
    for stage, role in ROUTE.items():
        form = team.form("ApproverForm", {"approver": team.served.account(role)})
        team.call("approval.put_approver", None, report, stage, body=form, if_match=team.tag(report))


def approve(team: Team, report: UUID) -> None:
    for stage, role in ROUTE.items():
        digest = team.call("reports.get_one_report", role, report).parsed.content_digest
        form = team.form("ApprovalForm", {"content_digest": digest, "meaning": "approval"})
        team.sign("approval.post_approval", role, report, stage, body=form)


def final_document(team: Team, report: UUID) -> tuple[UUID, str]:
    """The workers make it by themselves; the program looks for its job and waits until it is settled."""
    give_up = time.monotonic() + 60
    kind = team.api.enum("Kind", "final")
    while not (found := team.call("documents.get_renderings", None, report, kind=kind).parsed.items):
        assert time.monotonic() < give_up
        time.sleep(0.1)
    job = team.call("jobs.get_one_job", None, found[0].id, wait=30).parsed
    assert job.state == "succeeded"
    made = team.call("documents.get_one_rendering", None, found[0].id).parsed
    return made.id, made.artifacts[0].digest


def issue(team: Team, report: UUID, document: UUID) -> None:
    client = {"name": "Νίκος Παπαδάκης", "email": "n.papadakis@client.example"}
    form = {"rendering_id": str(document), "issue_status": "final", "recipients": [client]}
    tag = team.tag(report)
    team.call(
        "approval.post_issuing", Role.PROJECT_MANAGER, report, body=team.form("IssueForm", form), if_match=tag
    )
