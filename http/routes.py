"""Every address of the API and the resource behind it."""

from __future__ import annotations

from typing import Any

from falcon import App

from countersign.http.about.docs_pages import ReadingPage, TryItPage
from countersign.http.about.health import Liveness, Readiness
from countersign.http.about.index import Index
from countersign.http.about.jwks import Jwks
from countersign.http.about.metrics import Metrics
from countersign.http.about.openapi import OpenApi
from countersign.http.accounts.account import OneAccount
from countersign.http.accounts.accounts import Accounts
from countersign.http.accounts.admission import AccountApproval, AccountRejection
from countersign.http.accounts.membership import (
    AccountClosing,
    AccountDisabling,
    AccountEnabling,
    AccountRole,
)
from countersign.http.accounts.own_email import EmailConfirmations, OwnEmail
from countersign.http.accounts.registrations import Registrations, Verifications
from countersign.http.analytics.routes import add_analytics_routes
from countersign.http.api_clients.api_client import (
    ApiClientResumption,
    ApiClientRevocation,
    ApiClientSuspension,
    KeyRotation,
    OneApiClient,
)
from countersign.http.api_clients.api_clients import ApiClients
from countersign.http.api_clients.client_certificate import ClientCertificate
from countersign.http.api_clients.scopes import Scopes
from countersign.http.api_clients.usage import ApiClientUsage
from countersign.http.audit.audit import Audit
from countersign.http.auth.browser_session import BrowserSession
from countersign.http.auth.csrf import Csrf
from countersign.http.auth.log_in import LogIn
from countersign.http.auth.log_out import LogOut
from countersign.http.auth.me import Me
from countersign.http.auth.password import OwnPassword
from countersign.http.auth.password_resets import PasswordResetRedemption, PasswordResets
from countersign.http.auth.reauthenticate import Reauthenticate
from countersign.http.auth.refresh import Refresh
from countersign.http.backups.routes import add_backup_routes
from countersign.http.configuration.feature_flags import Flags, OneFlag
from countersign.http.database.routes import add_database_routes
from countersign.http.documents.rendering import Document, OneRendering
from countersign.http.documents.renderings import Renderings
from countersign.http.health.routes import add_health_routes
from countersign.http.jobs.routes import add_job_routes
from countersign.http.mail.routes import add_mail_routes
from countersign.http.maintenance.routes import add_maintenance_routes
from countersign.http.network_blocks.network_blocks import NetworkBlocks, OneNetworkBlock
from countersign.http.options import Options
from countersign.http.past.past import Past
from countersign.http.projections.routes import add_projection_routes
from countersign.http.report_types.report_types import OneReportType, ReportTypes
from countersign.http.reports.approvals import Approvals
from countersign.http.reports.approvers import Approver, Candidates
from countersign.http.reports.decisions import Approval, ChangeRequest, Reassignment
from countersign.http.reports.export import ReportExport
from countersign.http.reports.history import History
from countersign.http.reports.issuing import Issuing
from countersign.http.reports.report import OneReport
from countersign.http.reports.reports import Reports
from countersign.http.reports.revisions import Revisions
from countersign.http.reports.row_import import RowImport
from countersign.http.reports.row_result import ResultOfRow
from countersign.http.reports.section import OneSection
from countersign.http.reports.signatures import Signatures
from countersign.http.reports.submission import Submission, Withdrawal
from countersign.http.retention.routes import add_retention_routes
from countersign.http.schedules.routes import add_schedule_routes
from countersign.http.search.routes import add_search_routes
from countersign.http.second_factor.backup_codes import Confirmation, NewBackupCodes
from countersign.http.second_factor.reset import SecondFactorReset
from countersign.http.second_factor.second_factor import OwnSecondFactor
from countersign.http.security_events.security_events import SecurityEvents
from countersign.http.services import Services
from countersign.http.session_list.account_unlock import AccountUnlock
from countersign.http.session_list.one_session import OneSession
from countersign.http.session_list.sessions import OpenSessions, SessionsOfAccount
from countersign.http.waiting_room import WaitingRoom
from countersign.http.webhooks.routes import add_webhook_routes

_ACCOUNT = "/v1/accounts/{account_id:uuid}"
_SECOND_FACTOR = "/v1/auth/second-factor"
_REPORT = "/v1/reports/{report_id:uuid}"
_SECTION = f"{_REPORT}/sections/{{section}}"
_CLIENT = "/v1/api-clients/{client_id:uuid}"
_STAGE = f"{_REPORT}/stages/{{stage:int(min=1, max=99)}}"


def add_routes(app: App[Any, Any], services: Services, options: Options, room: WaitingRoom) -> None:
    """Give an app all its addresses."""
    _about(app, services, options)
    _signing_in(app, services, options)
    _people(app, services)
    _programs(app, services)
    past = Past(services, room)
    _reports(app, services, past)
    _work(app, services, past)
    add_projection_routes(app, services)
    add_database_routes(app, services)
    add_maintenance_routes(app, services)
    add_mail_routes(app, services)
    add_retention_routes(app, services)
    add_job_routes(app, services, past, room, options.job_wait_max_s)


def _about(app: App[Any, Any], services: Services, options: Options) -> None:
    app.add_route("/", Index(services, options))
    app.add_route("/livez", Liveness())
    app.add_route("/readyz", Readiness(services))
    app.add_route("/metrics", Metrics(services))
    app.add_route("/openapi.json", OpenApi(app, options))
    app.add_route("/.well-known/jwks.json", Jwks(services, options))
    app.add_route("/docs", TryItPage(services.flags))
    app.add_route("/docs/redoc", ReadingPage(services.flags))


def _signing_in(app: App[Any, Any], services: Services, options: Options) -> None:
    app.add_route("/v1/auth/login", LogIn(services))
    app.add_route("/v1/auth/browser-session", BrowserSession(services, options))
    app.add_route("/v1/auth/csrf", Csrf(services))
    app.add_route("/v1/auth/refresh", Refresh(services))
    app.add_route("/v1/auth/logout", LogOut(services))
    app.add_route("/v1/auth/reauthenticate", Reauthenticate(services))
    app.add_route("/v1/auth/password", OwnPassword(services))
    app.add_route("/v1/auth/password-resets", PasswordResets(services))
    app.add_route("/v1/auth/password-resets/redeem", PasswordResetRedemption(services))
    app.add_route(_SECOND_FACTOR, OwnSecondFactor(services, options))
    app.add_route(f"{_SECOND_FACTOR}/confirm", Confirmation(services))
    app.add_route(f"{_SECOND_FACTOR}/backup-codes", NewBackupCodes(services))
    app.add_route("/v1/sessions", OpenSessions(services))
    app.add_route("/v1/sessions/{session_id:uuid}", OneSession(services))
    app.add_route("/v1/accounts/{account_id:uuid}/sessions", SessionsOfAccount(services))
    app.add_route("/v1/accounts/{account_id:uuid}/unlock", AccountUnlock(services))
    app.add_route("/v1/accounts/{account_id:uuid}/second-factor/reset", SecondFactorReset(services))


def _people(app: App[Any, Any], services: Services) -> None:
    app.add_route("/v1/me", Me(services))
    app.add_route("/v1/me/email", OwnEmail(services))
    app.add_route("/v1/accounts", Accounts(services))
    app.add_route("/v1/accounts/registrations", Registrations(services))
    app.add_route("/v1/accounts/verifications", Verifications(services))
    app.add_route("/v1/accounts/email-confirmations", EmailConfirmations(services))
    app.add_route(_ACCOUNT, OneAccount(services))
    app.add_route(f"{_ACCOUNT}/approve", AccountApproval(services))
    app.add_route(f"{_ACCOUNT}/reject", AccountRejection(services))
    app.add_route(f"{_ACCOUNT}/role", AccountRole(services))
    app.add_route(f"{_ACCOUNT}/disable", AccountDisabling(services))
    app.add_route(f"{_ACCOUNT}/enable", AccountEnabling(services))
    app.add_route(f"{_ACCOUNT}/close", AccountClosing(services))


def _programs(app: App[Any, Any], services: Services) -> None:
    app.add_route("/v1/api-clients", ApiClients(services))
    app.add_route("/v1/api-clients/scopes", Scopes())
    app.add_route(_CLIENT, OneApiClient(services))
    app.add_route(f"{_CLIENT}/usage", ApiClientUsage(services))
    app.add_route(f"{_CLIENT}/rotate-key", KeyRotation(services))
    app.add_route(f"{_CLIENT}/certificate", ClientCertificate(services))
    app.add_route(f"{_CLIENT}/suspend", ApiClientSuspension(services))
    app.add_route(f"{_CLIENT}/resume", ApiClientResumption(services))
    app.add_route(f"{_CLIENT}/revoke", ApiClientRevocation(services))


def _reports(app: App[Any, Any], services: Services, past: Past) -> None:
    app.add_route("/v1/report-types", ReportTypes(services))
    app.add_route("/v1/report-types/{slug}", OneReportType(services))
    app.add_route("/v1/reports", Reports(services, past))
    app.add_route("/v1/reports/export", ReportExport(services, past))
    app.add_route(_REPORT, OneReport(services, past))
    app.add_route(_SECTION, OneSection(services, past))
    app.add_route(f"{_SECTION}/import", RowImport(services))
    app.add_route(f"{_SECTION}/rows/{{row_id}}/result", ResultOfRow(services))
    app.add_route(f"{_STAGE}/approver", Approver(services))
    app.add_route(f"{_STAGE}/candidates", Candidates(services))
    app.add_route(f"{_STAGE}/approve", Approval(services))
    app.add_route(f"{_STAGE}/request-changes", ChangeRequest(services))
    app.add_route(f"{_STAGE}/reassign", Reassignment(services))
    app.add_route(f"{_REPORT}/submit", Submission(services))
    app.add_route(f"{_REPORT}/withdraw", Withdrawal(services))
    app.add_route(f"{_REPORT}/issue", Issuing(services))
    app.add_route(f"{_REPORT}/history", History(services, past))
    app.add_route(f"{_REPORT}/revisions", Revisions(services, past))
    app.add_route(f"{_REPORT}/signatures", Signatures(services, past))
    app.add_route(f"{_REPORT}/renderings", Renderings(services, past))
    app.add_route("/v1/approvals", Approvals(services, past))


def _work(app: App[Any, Any], services: Services, past: Past) -> None:
    app.add_route("/v1/renderings/{rendering_id:uuid}", OneRendering(services, past))
    app.add_route("/v1/renderings/{rendering_id:uuid}/document", Document(services))
    app.add_route("/v1/audit", Audit(services, past))
    app.add_route("/v1/security-events", SecurityEvents(services))
    app.add_route("/v1/network-blocks", NetworkBlocks(services))
    app.add_route("/v1/network-blocks/{block_id:uuid}", OneNetworkBlock(services))
    app.add_route("/v1/feature-flags", Flags(services))
    app.add_route("/v1/feature-flags/{name}", OneFlag(services))
    add_search_routes(app, services)
    add_schedule_routes(app, services)
    add_webhook_routes(app, services)
    add_backup_routes(app, services)
    add_health_routes(app, services)
    add_analytics_routes(app, services, past)
