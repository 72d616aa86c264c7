"""From the settings to what the workers need to be told."""

from __future__ import annotations

from countersign.config.settings import Settings
from countersign.config.working import Queue
from countersign.workers.options import (
    ElectionOptions,
    MaintenanceOptions,
    Options,
    QueueOptions,
    ReactionOptions,
    ScheduleOptions,
    SmtpOptions,
)
from countersign.workers.rendering.limits import Limits


def worker_options(settings: Settings) -> Options:
    """All options of the workers' room."""
    queues = settings.queues
    return Options(
        rendering=_queue(queues.rendering),
        mail=_queue(queues.mail),
        webhooks=_queue(queues.webhooks),
        maintenance=_queue(queues.maintenance),
        monitoring=_queue(queues.monitoring),
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


def _queue(queue: Queue) -> QueueOptions:
    return QueueOptions(
        concurrency=queue.concurrency,
        rate_per_minute=queue.rate_per_minute,
        time_limit_s=queue.time_limit_s,
        max_attempts=queue.max_attempts,
        backoff_base_s=queue.backoff_base_s,
        backoff_cap_s=queue.backoff_cap_s,
        lease_s=queue.lease_s,
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


def _reactions(settings: Settings) -> ReactionOptions:
    return ReactionOptions(
        batch_size=settings.reactions.batch_size,
        poll_s=settings.reactions.poll_s,
        election=_election(settings),
    )


def _schedules(settings: Settings) -> ScheduleOptions:
    schedules = settings.schedules
    every_s = {
        "health_check": schedules.health_check.every_s,
        "clean_up": schedules.clean_up.every_s,
        "api_client_expiry": schedules.api_client_expiry.every_s,
        "api_usage_roll_up": schedules.api_usage_roll_up.every_s,
        "certificate_check": schedules.certificate_check.every_s,
    }
    return ScheduleOptions(every_s=every_s, election=_election(settings))


def _election(settings: Settings) -> ElectionOptions:
    scheduler = settings.scheduler
    return ElectionOptions(lease_s=scheduler.lease_s, heartbeat_s=scheduler.heartbeat_s)
