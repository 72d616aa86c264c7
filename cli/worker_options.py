"""From the settings to what the workers need to be told."""

from __future__ import annotations

from countersign.cli.endpoint_options import endpoint_options
from countersign.config.schedules import ABOUT_BACKUPS, Schedule, kinds_of_work
from countersign.config.settings import Settings
from countersign.config.working import Queue
from countersign.workers.health.options import HealthOptions
from countersign.workers.options import (
    ElectionOptions,
    MaintenanceOptions,
    Options,
    Periodic,
    QueueOptions,
    ReactionOptions,
    ScheduleOptions,
    SmtpOptions,
)
from countersign.workers.periodic.quiet import QUIET
from countersign.workers.recycling import RecycleOptions
from countersign.workers.rendering.limits import Limits


def worker_options(settings: Settings) -> Options:
    """All options of the workers' room."""
    queues, drain_s = settings.queues, settings.effects.drain_s
    return Options(
        rendering=_queue(queues.rendering, drain_s),
        mail=_queue(queues.mail, drain_s),
        webhooks=_queue(queues.webhooks, drain_s),
        maintenance=_queue(queues.maintenance, drain_s),
        monitoring=_queue(queues.monitoring, drain_s),
        smtp=_smtp(settings),
        housekeeping=MaintenanceOptions(
            folder=settings.data_dir,
            redis_url=settings.redis.url.reveal(),
            warn_of_expiry_days=settings.api_clients.warn_days,
            usage_hours_kept_days=settings.api_clients.usage_hours_kept_days,
        ),
        public_url=settings.http.public_url,
        reactions=_reactions(settings),
        schedules=_schedules(settings),
        health=_health(settings),
        endpoints=endpoint_options(settings.webhooks),
        effects_poll_s=settings.effects.poll_s,
        pdf=settings.rendering.pdf != "off",
    )


def render_limits(settings: Settings) -> Limits:
    """What one rendering may use."""
    rendering = settings.rendering
    return Limits(
        cpu_s=rendering.cpu_s,
        memory_bytes=rendering.memory_bytes,
        wall_s=rendering.wall_s,
        rows=rendering.rows,
    )


def recycle_options(settings: Settings) -> RecycleOptions:
    """When a worker process is exchanged for a new one."""
    effects = settings.effects
    return RecycleOptions(after_effects=effects.recycle_after, growth_bytes=effects.recycle_growth_bytes)


def _queue(queue: Queue, drain_s: float) -> QueueOptions:
    return QueueOptions(
        concurrency=queue.concurrency,
        rate_per_minute=queue.rate_per_minute,
        time_limit_s=queue.time_limit_s,
        max_attempts=queue.max_attempts,
        max_crashes=queue.max_crashes,
        backoff_base_s=queue.backoff_base_s,
        backoff_cap_s=queue.backoff_cap_s,
        lease_s=queue.lease_s,
        memory_bytes=queue.memory_bytes,
        drain_s=drain_s,
    )


def _smtp(settings: Settings) -> SmtpOptions:
    smtp = settings.smtp
    return SmtpOptions(
        host=smtp.host,
        port=smtp.port,
        from_address=smtp.from_address,
        tls=smtp.tls,
        user=smtp.user,
        password=smtp.password.reveal(),
        ca_file=smtp.ca_file,
        timeout_s=smtp.timeout_s,
    )


def _health(settings: Settings) -> HealthOptions:
    health = settings.health
    return HealthOptions(
        open_after=health.open_after,
        resolve_after=health.resolve_after,
        escalate_after_s=health.escalate_after_s,
        escalations_max=health.escalations_max,
        keep_days=health.keep_days,
        keep_samples_days=health.keep_samples_days,
        mailed_reports=health.mailed_reports,
    )


def _reactions(settings: Settings) -> ReactionOptions:
    return ReactionOptions(
        batch_size=settings.reactions.batch_size,
        poll_s=settings.reactions.poll_s,
        election=_election(settings),
    )


def _schedules(settings: Settings) -> ScheduleOptions:
    return ScheduleOptions(
        work={kind: _periodic(settings, kind) for kind in kinds_of_work() - _without_use(settings)},
        grace_s=settings.scheduler.grace_s,
        election=_election(settings),
    )


def _without_use(settings: Settings) -> frozenset[str]:
    return frozenset() if settings.backup.target else ABOUT_BACKUPS


def _periodic(settings: Settings, kind: str) -> Periodic:
    schedule: Schedule = getattr(settings.schedules, kind)
    return Periodic(
        every_s=schedule.every_s,
        cron=schedule.cron,
        time_zone=settings.scheduler.time_zone,
        missed=schedule.missed,
        quiet=kind in QUIET,
    )


def _election(settings: Settings) -> ElectionOptions:
    scheduler = settings.scheduler
    return ElectionOptions(lease_s=scheduler.lease_s, heartbeat_s=scheduler.heartbeat_s)
