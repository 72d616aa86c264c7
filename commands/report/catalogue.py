"""Every command about reports, and the handler that decides it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from countersign.commands.handler import Handler
from countersign.commands.options import Options
from countersign.commands.report.approve_stage import ApproveStage, approve_stage
from countersign.commands.report.assign_approver import AssignApprover, assign_approver
from countersign.commands.report.create_report import CreateReport, create_report
from countersign.commands.report.edit_header import EditHeader, edit_header
from countersign.commands.report.escalate_stage import EscalateStage, escalate_stage
from countersign.commands.report.import_rows import ImportRows, import_rows
from countersign.commands.report.issue_revision import IssueRevision, issue_revision
from countersign.commands.report.reassign_stage import ReassignStage, reassign_stage
from countersign.commands.report.record_test_result import RecordTestResult, record_test_result
from countersign.commands.report.remind_approver import RemindApprover, remind_approver
from countersign.commands.report.request_changes import RequestChanges, request_changes
from countersign.commands.report.save_section import SaveSection, save_section
from countersign.commands.report.submit_for_review import SubmitForReview, submit_for_review
from countersign.commands.report.withdraw_submission import WithdrawSubmission, withdraw_submission


def handlers(options: Options) -> Mapping[type, Handler]:
    """The handlers by the class of their message."""
    window_s = options.reauthentication_window_s
    return {
        CreateReport: create_report,
        EditHeader: edit_header,
        SaveSection: save_section,
        ImportRows: import_rows,
        RecordTestResult: record_test_result,
        AssignApprover: assign_approver,
        SubmitForReview: partial(submit_for_review, window_s=window_s),
        ApproveStage: partial(approve_stage, window_s=window_s),
        RequestChanges: request_changes,
        ReassignStage: reassign_stage,
        RemindApprover: remind_approver,
        EscalateStage: escalate_stage,
        WithdrawSubmission: withdraw_submission,
        IssueRevision: issue_revision,
    }
