"""What is done about periodic work: one job for each kind."""

from __future__ import annotations

from collections.abc import Mapping

from countersign.workers.duty import Duty
from countersign.workers.effect_board import EffectBoard
from countersign.workers.equipment import Equipment
from countersign.workers.kinds import MAINTAIN
from countersign.workers.mail.smtp import SmtpDelivery
from countersign.workers.maintenance.api_client_expiry import ApiClientExpiry
from countersign.workers.maintenance.api_usage_roll_up import ApiUsageRollUp
from countersign.workers.maintenance.certificate_check import CertificateCheck
from countersign.workers.maintenance.clean_up import CleanUp
from countersign.workers.maintenance.duty import Job, Maintain
from countersign.workers.maintenance.health_check import (
    HealthCheck,
    Probe,
    database_probe,
    disk_probe,
    redis_probe,
    smtp_probe,
)


def duties(equipment: Equipment) -> Mapping[str, Duty]:
    """The duties by the kind of their effects."""
    around = equipment.around
    return {MAINTAIN: Maintain(around.store.aggregates, equipment.issuer, _jobs(equipment), around.clock)}


def _jobs(equipment: Equipment) -> Mapping[str, Job]:
    around, keep = equipment.around, equipment.options.housekeeping
    read = around.databases.read
    return {
        "health_check": HealthCheck(_probes(equipment)),
        "clean_up": CleanUp(around.log, around.store.blobs, EffectBoard(read), keep),
        "api_client_expiry": ApiClientExpiry(read, around.dispatcher, keep.warn_of_expiry_days),
        "api_usage_roll_up": ApiUsageRollUp(read, keep.usage_hours_kept_days),
        "certificate_check": CertificateCheck(around.look_at_certificate, around.dispatcher),
    }


def _probes(equipment: Equipment) -> Mapping[str, Probe]:
    around, keep = equipment.around, equipment.options.housekeeping
    return {
        "database": database_probe(around.databases, around.log, EffectBoard(around.databases.read)),
        "disk": disk_probe(keep.folder, keep.disk_free_min_bytes),
        "redis": redis_probe(keep.redis_url),
        "smtp": smtp_probe(SmtpDelivery(equipment.options.smtp, equipment.options.mail.time_limit_s)),
        **around.probes,
    }
