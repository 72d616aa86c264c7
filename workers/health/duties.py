"""The periodic work that watches the service."""

from __future__ import annotations

from collections.abc import Mapping

from countersign.projections.health.reading import Probe
from countersign.workers.duty import Duty
from countersign.workers.equipment import Equipment
from countersign.workers.health.follow_up import FollowUp
from countersign.workers.health.health_check import HealthCheck
from countersign.workers.health.probes import database_probe, redis_probe, smtp_probe
from countersign.workers.health.sampling import Sampling
from countersign.workers.health.telling import TellOperators
from countersign.workers.kinds import TELL_OPERATORS
from countersign.workers.mail.planning import Planner
from countersign.workers.mail.smtp import SmtpDelivery
from countersign.workers.maintenance.duty import Job


def duties(equipment: Equipment) -> Mapping[str, Duty]:
    """The duties by the kind of their effects."""
    aggregates = equipment.around.store.aggregates
    return {TELL_OPERATORS: TellOperators(aggregates, Planner(aggregates, equipment.issuer))}


def health_jobs(equipment: Equipment) -> Mapping[str, Job]:
    """The jobs by their kind."""
    around, options = equipment.around, equipment.options.health
    follow_up = FollowUp(around.dispatcher, options)
    return {
        "metrics_samples": Sampling(around.databases.read, around.gather, options.keep_samples_days),
        "health_check": HealthCheck(around.databases.read, _probes(equipment), follow_up, options),
    }


def _probes(equipment: Equipment) -> Mapping[str, Probe]:
    around, options = equipment.around, equipment.options
    return {
        "database": database_probe(around.databases, around.log),
        "redis": redis_probe(options.housekeeping.redis_url),
        "smtp": smtp_probe(SmtpDelivery(options.smtp, options.mail.time_limit_s)),
        **around.probes,
    }
