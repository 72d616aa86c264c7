"""Every aggregate whose events this version of the program can read and write."""

from __future__ import annotations

from countersign.aggregates.access_policy import AccessPolicy
from countersign.aggregates.account import Account
from countersign.aggregates.api_client import ApiClient
from countersign.aggregates.backup import Backup
from countersign.aggregates.broadcast import Broadcast
from countersign.aggregates.configuration import Configuration
from countersign.aggregates.document_number import DocumentNumber
from countersign.aggregates.email_identity import EmailIdentity
from countersign.aggregates.email_message import EmailMessage
from countersign.aggregates.feature_flags import FeatureFlags
from countersign.aggregates.inbox import Inbox
from countersign.aggregates.incident import Incident
from countersign.aggregates.mailbox import Mailbox
from countersign.aggregates.maintenance_job import MaintenanceJob
from countersign.aggregates.operations_report import OperationsReport
from countersign.aggregates.periodic_work import PeriodicWork
from countersign.aggregates.read_model import ReadModel
from countersign.aggregates.registration import Registration
from countersign.aggregates.rendering import Rendering
from countersign.aggregates.report.report import Report
from countersign.aggregates.report_type import ReportType
from countersign.aggregates.retention_policy import RetentionPolicy
from countersign.aggregates.root import Root
from countersign.aggregates.roster import Roster
from countersign.aggregates.saved_search import SavedSearch
from countersign.aggregates.schedule.book import ScheduleBook
from countersign.aggregates.schedule.schedule import Schedule
from countersign.aggregates.second_factor import SecondFactor
from countersign.aggregates.secret_ref import SecretRef
from countersign.aggregates.security_event import SecurityEvent
from countersign.aggregates.session import Session
from countersign.aggregates.sign_in_throttle import SignInThrottle
from countersign.aggregates.suppression import Suppression
from countersign.aggregates.template import Template
from countersign.aggregates.tls_certificate import TlsCertificate
from countersign.aggregates.webhook.delivery import WebhookDelivery
from countersign.aggregates.webhook.directory import WebhookDirectory
from countersign.aggregates.webhook.subscription import WebhookSubscription

AGGREGATES: tuple[type[Root], ...] = (
    AccessPolicy,
    Account,
    ApiClient,
    Backup,
    Broadcast,
    Configuration,
    DocumentNumber,
    EmailIdentity,
    EmailMessage,
    FeatureFlags,
    Inbox,
    Incident,
    Mailbox,
    MaintenanceJob,
    OperationsReport,
    PeriodicWork,
    ReadModel,
    Registration,
    Rendering,
    Report,
    ReportType,
    RetentionPolicy,
    Roster,
    SavedSearch,
    Schedule,
    ScheduleBook,
    SecondFactor,
    SecretRef,
    SecurityEvent,
    Session,
    SignInThrottle,
    Suppression,
    Template,
    TlsCertificate,
    WebhookDelivery,
    WebhookDirectory,
    WebhookSubscription,
)
