"""Every aggregate whose events this version of the program can read and write."""

from __future__ import annotations

from countersign.aggregates.account import Account
from countersign.aggregates.document_number import DocumentNumber
from countersign.aggregates.email_identity import EmailIdentity
from countersign.aggregates.email_message import EmailMessage
from countersign.aggregates.maintenance_job import MaintenanceJob
from countersign.aggregates.rendering import Rendering
from countersign.aggregates.report.report import Report
from countersign.aggregates.report_type import ReportType
from countersign.aggregates.root import Root
from countersign.aggregates.roster import Roster
from countersign.aggregates.session import Session
from countersign.aggregates.template import Template

AGGREGATES: tuple[type[Root], ...] = (
    Account,
    DocumentNumber,
    EmailIdentity,
    EmailMessage,
    MaintenanceJob,
    Rendering,
    Report,
    ReportType,
    Roster,
    Session,
    Template,
)
