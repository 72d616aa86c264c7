"""Every command and the one handler that decides it; each subject has a catalogue of its own."""

from __future__ import annotations

from collections.abc import Mapping

from countersign.commands.access_policy import catalogue as access_policy
from countersign.commands.account import catalogue as account
from countersign.commands.api_client import catalogue as api_client
from countersign.commands.backup import catalogue as backup
from countersign.commands.broadcast import catalogue as broadcast
from countersign.commands.certificate import catalogue as certificate
from countersign.commands.configuration import catalogue as configuration
from countersign.commands.email import catalogue as email
from countersign.commands.handler import Handler
from countersign.commands.inbox import catalogue as inbox
from countersign.commands.incident import catalogue as incident
from countersign.commands.maintenance import catalogue as maintenance
from countersign.commands.operations_report import catalogue as operations_report
from countersign.commands.options import Options
from countersign.commands.password_hashes import PasswordHashes
from countersign.commands.read_model import catalogue as read_model
from countersign.commands.rendering import catalogue as rendering
from countersign.commands.report import catalogue as report
from countersign.commands.report_type import catalogue as report_type
from countersign.commands.retention import catalogue as retention
from countersign.commands.schedule import catalogue as schedule
from countersign.commands.search import catalogue as search
from countersign.commands.second_factor import catalogue as second_factor
from countersign.commands.secret import catalogue as secret
from countersign.commands.security_event import catalogue as security_event
from countersign.commands.session import catalogue as session
from countersign.commands.template import catalogue as template
from countersign.commands.webhook import catalogue as webhook


def handlers(options: Options) -> Mapping[type, Handler]:
    """The handlers by the class of their message."""
    passwords = PasswordHashes.of(options.password_cost)  # shared, so that all wait for the same turns
    return {
        **account.handlers(options, passwords),
        **session.handlers(options, passwords),
        **second_factor.handlers(options),
        **api_client.handlers(options),
        **report.handlers(options),
        **report_type.handlers(),
        **retention.handlers(options),
        **search.handlers(),
        **schedule.handlers(options),
        **rendering.handlers(),
        **template.handlers(),
        **email.handlers(options),
        **inbox.handlers(options),
        **broadcast.handlers(),
        **backup.handlers(),
        **incident.handlers(),
        **operations_report.handlers(),
        **maintenance.handlers(options),
        **certificate.handlers(),
        **read_model.handlers(options),
        **configuration.handlers(options),
        **secret.handlers(),
        **access_policy.handlers(),
        **security_event.handlers(),
        **webhook.handlers(options),
    }
