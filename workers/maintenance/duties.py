"""What is done about periodic work: one job for each kind."""

from __future__ import annotations

from collections.abc import Mapping

from countersign.workers.backup.jobs import backup_jobs
from countersign.workers.duty import Duty
from countersign.workers.equipment import Equipment
from countersign.workers.health.duties import health_jobs
from countersign.workers.kinds import MAINTAIN, QUIET_RUN
from countersign.workers.mail.duties import mail_jobs
from countersign.workers.maintenance.api_client_expiry import ApiClientExpiry
from countersign.workers.maintenance.api_usage_roll_up import ApiUsageRollUp
from countersign.workers.maintenance.certificate_check import CertificateCheck
from countersign.workers.maintenance.clean_up import CleanUp
from countersign.workers.maintenance.database_optimise import DatabaseOptimise
from countersign.workers.maintenance.duty import Job, Maintain
from countersign.workers.maintenance.retention_list import KIND as RETENTION_LIST
from countersign.workers.maintenance.retention_list import RetentionList
from countersign.workers.operations.duties import operations_jobs
from countersign.workers.periodic.running_quietly import RunQuietly
from countersign.workers.retention.duties import destruction_of
from countersign.workers.retention.telling import TellOfRetention


def duties(equipment: Equipment) -> Mapping[str, Duty]:
    """The duties by the kind of their effects."""
    around = equipment.around
    jobs, issuer, read = _jobs(equipment), equipment.issuer, around.databases.read
    return {
        MAINTAIN: Maintain(around.store.aggregates, issuer, jobs, read, around.clock),
        QUIET_RUN: RunQuietly(read, issuer, jobs, around.clock),
    }


def _jobs(equipment: Equipment) -> Mapping[str, Job]:
    around, keep = equipment.around, equipment.options.housekeeping
    read = around.databases.read
    telling = TellOfRetention(read, around.store.aggregates, around.dispatcher)
    return {
        **health_jobs(equipment),
        **operations_jobs(equipment),
        **mail_jobs(equipment),
        **backup_jobs(around.backups, around.log, around.dispatcher, around.clock),
        "clean_up": CleanUp(around.log, around.store.blobs, read, keep),
        "api_client_expiry": ApiClientExpiry(read, around.dispatcher, keep.warn_of_expiry_days),
        "api_usage_roll_up": ApiUsageRollUp(read, keep.usage_hours_kept_days),
        "certificate_check": CertificateCheck(around.look_at_certificate, around.dispatcher),
        RETENTION_LIST: RetentionList(read, around.dispatcher, destruction_of(equipment), telling),
        "database_optimise": DatabaseOptimise(around.databases),
    }
