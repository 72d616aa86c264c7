"""Every command and the one handler that decides it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from countersign.commands.access_policy.block_attacking_network import (
    BlockAttackingNetwork,
    block_attacking_network,
)
from countersign.commands.access_policy.block_network import BlockNetwork, block_network
from countersign.commands.access_policy.unblock_network import UnblockNetwork, unblock_network
from countersign.commands.account.approve_account import ApproveAccount, approve_account
from countersign.commands.account.bootstrap_administrator import (
    BootstrapAdministrator,
    bootstrap_administrator,
)
from countersign.commands.account.change_password import ChangePassword, change_password
from countersign.commands.account.change_role import ChangeRole, change_role
from countersign.commands.account.close_account import CloseAccount, close_account
from countersign.commands.account.confirm_email_change import ConfirmEmailChange, confirm_email_change
from countersign.commands.account.disable_account import DisableAccount, disable_account
from countersign.commands.account.enable_account import EnableAccount, enable_account
from countersign.commands.account.one_time_tokens import OneTimeTokens
from countersign.commands.account.register_account import RegisterAccount, register_account
from countersign.commands.account.reject_account import RejectAccount, reject_account
from countersign.commands.account.request_email_change import RequestEmailChange, request_email_change
from countersign.commands.account.request_password_reset import RequestPasswordReset, request_password_reset
from countersign.commands.account.reset_password import ResetPassword, reset_password
from countersign.commands.account.sign_up import SignUp, sign_up
from countersign.commands.account.update_profile import UpdateProfile, update_profile
from countersign.commands.account.verify_email import VerifyEmail, verify_email
from countersign.commands.api_client.api_keys import ApiKeys
from countersign.commands.api_client.bind_client_certificate import (
    BindClientCertificate,
    bind_client_certificate,
)
from countersign.commands.api_client.create_api_client import CreateApiClient, create_api_client
from countersign.commands.api_client.resume_api_client import ResumeApiClient, resume_api_client
from countersign.commands.api_client.revoke_api_client import RevokeApiClient, revoke_api_client
from countersign.commands.api_client.rotate_api_key import RotateApiKey, rotate_api_key
from countersign.commands.api_client.suspend_api_client import SuspendApiClient, suspend_api_client
from countersign.commands.api_client.unbind_client_certificate import (
    UnbindClientCertificate,
    unbind_client_certificate,
)
from countersign.commands.api_client.update_api_client import UpdateApiClient, update_api_client
from countersign.commands.api_client.warn_of_api_client_expiry import (
    WarnOfApiClientExpiry,
    warn_of_api_client_expiry,
)
from countersign.commands.certificate.note_certificate import NoteCertificate, note_certificate
from countersign.commands.configuration.record_rejection import RecordRejection, record_rejection
from countersign.commands.configuration.record_reload import RecordReload, record_reload
from countersign.commands.configuration.set_feature_flag import SetFeatureFlag, set_feature_flag
from countersign.commands.email.attempt_email import AttemptEmail, attempt_email
from countersign.commands.email.queue_email import QueueEmail, queue_email
from countersign.commands.email.record_email_outcome import RecordEmailOutcome, record_email_outcome
from countersign.commands.email.resolve_email import ResolveEmail, resolve_email
from countersign.commands.maintenance.complete_maintenance import CompleteMaintenance, complete_maintenance
from countersign.commands.maintenance.due_maintenance import DueMaintenance, due_maintenance
from countersign.commands.maintenance.fail_maintenance import FailMaintenance, fail_maintenance
from countersign.commands.options import Options
from countersign.commands.password_checks import PasswordChecks
from countersign.commands.password_hashes import PasswordHashes
from countersign.commands.read_model.approve_discard import ApproveDiscard, approve_discard
from countersign.commands.read_model.cancel_rebuild import CancelRebuild, cancel_rebuild
from countersign.commands.read_model.note_promotion import NotePromotion, note_promotion
from countersign.commands.read_model.order_promotion import OrderPromotion, order_promotion
from countersign.commands.read_model.order_rebuild import OrderRebuild, order_rebuild
from countersign.commands.read_model.order_retirement import OrderRetirement, order_retirement
from countersign.commands.read_model.order_rollback import OrderRollback, order_rollback
from countersign.commands.read_model.pause_projection import PauseProjection, pause_projection
from countersign.commands.read_model.propose_discard import ProposeDiscard, propose_discard
from countersign.commands.read_model.resume_projection import ResumeProjection, resume_projection
from countersign.commands.read_model.retry_letters import RetryLetters, retry_letters
from countersign.commands.rendering.complete_rendering import CompleteRendering, complete_rendering
from countersign.commands.rendering.fail_rendering import FailRendering, fail_rendering
from countersign.commands.rendering.request_rendering import RequestRendering, request_rendering
from countersign.commands.rendering.retry_rendering import RetryRendering, retry_rendering
from countersign.commands.rendering.start_rendering import StartRendering, start_rendering
from countersign.commands.report.approve_stage import ApproveStage, approve_stage
from countersign.commands.report.assign_approver import AssignApprover, assign_approver
from countersign.commands.report.create_report import CreateReport, create_report
from countersign.commands.report.edit_header import EditHeader, edit_header
from countersign.commands.report.import_rows import ImportRows, import_rows
from countersign.commands.report.issue_revision import IssueRevision, issue_revision
from countersign.commands.report.record_test_result import RecordTestResult, record_test_result
from countersign.commands.report.request_changes import RequestChanges, request_changes
from countersign.commands.report.save_section import SaveSection, save_section
from countersign.commands.report.submit_for_review import SubmitForReview, submit_for_review
from countersign.commands.report.withdraw_submission import WithdrawSubmission, withdraw_submission
from countersign.commands.report_type.define_report_type import DefineReportType, define_report_type
from countersign.commands.search.delete_search import DeleteSearch, delete_search
from countersign.commands.search.save_search import SaveSearch, save_search
from countersign.commands.search.share_search import ShareSearch, share_search
from countersign.commands.second_factor.backup_codes import new_nonce
from countersign.commands.second_factor.begin_totp_enrolment import BeginTotpEnrolment, begin_totp_enrolment
from countersign.commands.second_factor.confirm_totp import ConfirmTotp, confirm_totp
from countersign.commands.second_factor.disable_mfa import DisableMfa, disable_mfa
from countersign.commands.second_factor.regenerate_backup_codes import (
    RegenerateBackupCodes,
    regenerate_backup_codes,
)
from countersign.commands.second_factor.reset_second_factor import ResetSecondFactor, reset_second_factor
from countersign.commands.second_factor.totp import new_secret
from countersign.commands.secret.note_secret_retired import NoteSecretRetired, note_secret_retired
from countersign.commands.secret.note_secret_versions import NoteSecretVersions, note_secret_versions
from countersign.commands.security_event.record_security_event import (
    RecordSecurityEvent,
    record_security_event,
)
from countersign.commands.session.continue_session import ContinueSession, continue_session
from countersign.commands.session.end_sessions import EndSessions, end_sessions
from countersign.commands.session.log_in import LogIn, log_in
from countersign.commands.session.reauthenticate import Reauthenticate, reauthenticate
from countersign.commands.session.refresh_session import RefreshSession, refresh_session
from countersign.commands.session.refresh_tokens import RefreshTokens
from countersign.commands.session.revoke_session import RevokeSession, revoke_session
from countersign.commands.session.unlock_account import UnlockAccount, unlock_account
from countersign.commands.template.install_template import InstallTemplate, install_template
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store

Handler = Callable[[Any, Store], Receipt]


def handlers(options: Options) -> Mapping[type, Handler]:
    """The handlers by the class of their message."""
    return {
        **_of_people(options),
        **_of_second_factors(options),
        **_of_api_clients(options),
        **_of_reports(options),
        **_of_searches(),
        **_of_documents(),
        **_of_mail(options),
        **_of_maintenance(),
        **_of_read_models(options),
        **_of_configuration(options),
        **_of_the_edge(),
    }


def _of_people(options: Options) -> Mapping[type, Handler]:
    passwords, tokens = PasswordHashes.of(options.password_cost), RefreshTokens(options.refresh_key)
    checks, good = PasswordChecks(passwords), options.password_rules
    return {
        **_of_accounts(options, passwords),
        BootstrapAdministrator: partial(bootstrap_administrator, passwords=passwords, password_rules=good),
        RegisterAccount: partial(
            register_account, rules=options.accounts, passwords=passwords, password_rules=good
        ),
        LogIn: partial(log_in, options=options, passwords=checks),
        RefreshSession: partial(refresh_session, tokens=tokens),
        Reauthenticate: partial(reauthenticate, options=options, passwords=checks),
        ContinueSession: partial(continue_session, options=options),
        RevokeSession: partial(revoke_session, window_s=options.reauthentication_window_s),
        EndSessions: partial(end_sessions, window_s=options.reauthentication_window_s),
        UnlockAccount: unlock_account,
    }


def _of_second_factors(options: Options) -> Mapping[type, Handler]:
    return {
        BeginTotpEnrolment: partial(begin_totp_enrolment, options=options, draw=new_secret),
        ConfirmTotp: partial(confirm_totp, options=options, draw=new_nonce),
        RegenerateBackupCodes: partial(regenerate_backup_codes, options=options, draw=new_nonce),
        DisableMfa: partial(disable_mfa, options=options),
        ResetSecondFactor: partial(reset_second_factor, options=options),
    }


def _of_accounts(options: Options, passwords: PasswordHashes) -> Mapping[type, Handler]:
    rules, tokens, good = options.accounts, OneTimeTokens(options.one_time_key), options.password_rules
    return {
        SignUp: partial(sign_up, rules=rules, passwords=passwords, password_rules=good, tokens=tokens),
        VerifyEmail: partial(verify_email, passwords=passwords),
        ApproveAccount: approve_account,
        RejectAccount: reject_account,
        ChangeRole: partial(change_role, rules=options.sign_in),
        DisableAccount: disable_account,
        EnableAccount: enable_account,
        CloseAccount: partial(close_account, window_s=options.reauthentication_window_s),
        UpdateProfile: update_profile,
        RequestEmailChange: partial(request_email_change, options=options, tokens=tokens),
        ConfirmEmailChange: confirm_email_change,
        ChangePassword: partial(
            change_password, rules=options.sign_in, passwords=passwords, password_rules=good
        ),
        RequestPasswordReset: partial(request_password_reset, rules=rules, tokens=tokens),
        ResetPassword: partial(reset_password, passwords=passwords, password_rules=good),
    }


def _of_api_clients(options: Options) -> Mapping[type, Handler]:
    keys = ApiKeys(options.api_key_secret)
    return {
        CreateApiClient: partial(create_api_client, options=options, keys=keys),
        UpdateApiClient: partial(update_api_client, options=options),
        RotateApiKey: partial(rotate_api_key, options=options, keys=keys),
        SuspendApiClient: suspend_api_client,
        ResumeApiClient: resume_api_client,
        RevokeApiClient: revoke_api_client,
        BindClientCertificate: bind_client_certificate,
        UnbindClientCertificate: unbind_client_certificate,
        WarnOfApiClientExpiry: warn_of_api_client_expiry,
    }


def _of_reports(options: Options) -> Mapping[type, Handler]:
    window_s = options.reauthentication_window_s
    return {
        DefineReportType: define_report_type,
        CreateReport: create_report,
        EditHeader: edit_header,
        SaveSection: save_section,
        ImportRows: import_rows,
        RecordTestResult: record_test_result,
        AssignApprover: assign_approver,
        SubmitForReview: partial(submit_for_review, window_s=window_s),
        ApproveStage: partial(approve_stage, window_s=window_s),
        RequestChanges: request_changes,
        WithdrawSubmission: withdraw_submission,
        IssueRevision: issue_revision,
    }


def _of_searches() -> Mapping[type, Handler]:
    return {SaveSearch: save_search, ShareSearch: share_search, DeleteSearch: delete_search}


def _of_documents() -> Mapping[type, Handler]:
    return {
        InstallTemplate: install_template,
        RequestRendering: request_rendering,
        StartRendering: start_rendering,
        CompleteRendering: complete_rendering,
        FailRendering: fail_rendering,
        RetryRendering: retry_rendering,
    }


def _of_mail(options: Options) -> Mapping[type, Handler]:
    return {
        QueueEmail: partial(queue_email, options=options),
        AttemptEmail: attempt_email,
        RecordEmailOutcome: record_email_outcome,
        ResolveEmail: resolve_email,
    }


def _of_configuration(options: Options) -> Mapping[type, Handler]:
    return {
        SetFeatureFlag: partial(set_feature_flag, features=options.features),
        RecordReload: record_reload,
        RecordRejection: record_rejection,
        NoteSecretVersions: note_secret_versions,
        NoteSecretRetired: note_secret_retired,
    }


def _of_maintenance() -> Mapping[type, Handler]:
    return {
        DueMaintenance: due_maintenance,
        CompleteMaintenance: complete_maintenance,
        FailMaintenance: fail_maintenance,
        NoteCertificate: note_certificate,
    }


def _of_read_models(options: Options) -> Mapping[type, Handler]:
    models = options.read_models
    return {
        OrderRebuild: partial(order_rebuild, models=models),
        CancelRebuild: partial(cancel_rebuild, models=models),
        OrderPromotion: partial(order_promotion, models=models),
        OrderRollback: partial(order_rollback, models=models),
        OrderRetirement: partial(order_retirement, models=models),
        NotePromotion: partial(note_promotion, models=models),
        PauseProjection: partial(pause_projection, models=models),
        ResumeProjection: partial(resume_projection, models=models),
        RetryLetters: partial(retry_letters, models=models),
        ProposeDiscard: partial(propose_discard, models=models),
        ApproveDiscard: partial(approve_discard, models=models),
    }


def _of_the_edge() -> Mapping[type, Handler]:
    return {
        BlockNetwork: block_network,
        BlockAttackingNetwork: block_attacking_network,
        UnblockNetwork: unblock_network,
        RecordSecurityEvent: record_security_event,
    }
