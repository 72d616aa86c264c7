"""Whatever people try, in whatever order: signatures stand on frozen content, by different people in turn."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy, deepcopy
from typing import Any
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from countersign.aggregates.canonical_json import digest_of
from countersign.aggregates.report.report import IssueStatus, Report
from countersign.aggregates.report.result_entry import ResultEntry
from countersign.aggregates.report.route import Stage
from countersign.aggregates.report.status import EDITABLE, Status
from countersign.aggregates.report.verdict import Approval, ChangeRequest
from countersign.aggregates.root import DomainError
from tests.unit.aggregates.report.given import (
    ADA,
    CLIENT,
    DEFINITION,
    EVA,
    ODA,
    PIA,
    REASON,
    ROLES,
    TOM,
    complete,
    content_of,
    gates,
    minute,
    rendered,
    roster,
    save,
    signer,
)

PEOPLE = st.sampled_from([EVA, TOM, PIA, ADA, ODA])
STAGES = st.integers(0, 3)
RESULTS = st.sampled_from(["", "pass", "fail", "na", "not_tested"])


def state_of(report: Report) -> dict[str, Any]:
    return {name: value for name, value in vars(report).items() if name != "_pending_events"}


def replayed(report: Report) -> Report:
    folded: Any = None
    for event in report.pending_events:
        folded = event.mutate(folded)
    assert isinstance(folded, Report)
    return folded


class Life(RuleBasedStateMachine):
    """People at work on one report, most of whom may not do what they try."""

    def __init__(self) -> None:
        super().__init__()
        self.report = complete()
        self.minutes = 10

    def attempt(self, act: Callable[[Report], None]) -> None:
        """Let somebody try. A refusal leaves no trace; a decision leaves what was there before as it was."""
        before, as_it_was = copy(self.report), deepcopy(state_of(self.report))
        events = len(self.report.pending_events)
        self.minutes += 1
        try:
            act(self.report)
        except DomainError:
            assert len(self.report.pending_events) == events
            assert state_of(self.report) == as_it_was
        assert state_of(before) == as_it_was

    def open_stage(self) -> Stage:
        opened = self.report.open_stage
        assert opened is not None
        return next(each for each in self.report.stages if each.n == opened.n)

    @rule(text=st.sampled_from(["a", "b < c", ""]))
    def write(self, text: str) -> None:
        self.attempt(lambda report: save(report, "purpose", {"text": text}, minute(self.minutes)))

    @rule(row=st.sampled_from(["s1", "s2", "s3"]), result=RESULTS, comment=st.sampled_from(["", "seen"]))
    def try_signal(self, row: str, result: str, comment: str) -> None:
        section, entry = DEFINITION.section("signals"), ResultEntry(result, comment)
        self.attempt(
            lambda report: report.record_test_result(
                minute(self.minutes), section, row, entry, DEFINITION, content_of(report, "signals")
            )
        )

    @rule(title=st.sampled_from(["One", "Two", ""]))
    def retitle(self, title: str) -> None:
        self.attempt(
            lambda report: report.edit_header(minute(self.minutes), {"document_title": title}, DEFINITION)
        )

    @rule(stage=STAGES, who=PEOPLE)
    def ask(self, stage: int, who: UUID) -> None:
        self.attempt(
            lambda report: report.assign_approver(minute(self.minutes), stage, who, DEFINITION, roster())
        )

    @rule(who=PEOPLE)
    def submit(self, who: UUID) -> None:
        self.attempt(
            lambda report: report.submit_for_review(minute(self.minutes), signer(who), gates(report))
        )

    @rule(who=PEOPLE, stage=STAGES, stale=st.booleans())
    def approve(self, who: UUID, stage: int, stale: bool) -> None:
        digest = "0" * 64 if stale else self.report.content_digest
        self.attempt(
            lambda report: report.approve_stage(
                minute(self.minutes), signer(who), stage, digest, Approval("approval")
            )
        )

    @precondition(lambda self: self.report.open_stage is not None)
    @rule()
    def approve_as_asked(self) -> None:
        stage = self.open_stage()
        self.approve(stage.approver, stage.n, stale=False)

    @precondition(lambda self: self.report.open_stage is not None)
    @rule()
    def send_back_as_asked(self) -> None:
        stage = self.open_stage()
        self.send_back(stage.approver, stage.n)

    @rule(who=PEOPLE, stage=STAGES)
    def send_back(self, who: UUID, stage: int) -> None:
        self.attempt(
            lambda report: report.request_changes(
                minute(self.minutes), who, ROLES[who], stage, ChangeRequest(REASON)
            )
        )

    @rule(who=PEOPLE)
    def withdraw(self, who: UUID) -> None:
        self.attempt(
            lambda report: report.withdraw(minute(self.minutes), who, REASON, administrator=who == ADA)
        )

    @rule()
    def issue(self) -> None:
        self.attempt(
            lambda report: report.issue_revision(
                minute(self.minutes), PIA, rendered(report), IssueStatus.FINAL, [CLIENT]
            )
        )

    @invariant()
    def every_signature_stands_on_the_content_as_it_is(self) -> None:
        for signature in self.report.signatures:
            assert signature.content_digest == self.report.content_digest
        if self.report.signatures:
            assert self.report.content_digest == digest_of(self.report.section_digests)

    @invariant()
    def no_signature_stands_under_what_may_change(self) -> None:
        assert bool(self.report.signatures) is (self.report.status not in EDITABLE)

    @invariant()
    def stages_are_signed_in_order_without_a_gap(self) -> None:
        signed = [each.stage for each in self.report.signatures]
        assert signed == list(range(len(signed)))
        if self.report.status in (Status.APPROVED, Status.ISSUED):
            assert len(signed) == len(self.report.stages) + 1

    @invariant()
    def everybody_signs_once_and_the_preparer_never_approves(self) -> None:
        signers = [each.signer for each in self.report.signatures]
        assert len(set(signers)) == len(signers)
        assert not {self.report.owner} & set(signers[1:])

    @invariant()
    def what_fell_stands_nowhere(self) -> None:
        fallen = {
            signature
            for event in self.report.pending_events
            if isinstance(event, Report.ApprovalsInvalidated)
            for signature in event.signatures
        }
        assert not fallen & {each.signature_id for each in self.report.signatures}

    def teardown(self) -> None:
        assert state_of(replayed(self.report)) == state_of(self.report)


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
