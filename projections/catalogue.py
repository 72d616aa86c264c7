"""Every projection of the service."""

from __future__ import annotations

from types import ModuleType
from typing import Final

from countersign.projections.audit import audit_log
from countersign.projections.figures import report_figures
from countersign.projections.health import incidents, operations_reports
from countersign.projections.people import api_clients, people, security_events, sessions
from countersign.projections.projection import Projection, nothing_else, stream_of
from countersign.projections.reports import (
    approval_queue,
    report_register,
    retention_due,
    revision_history,
    section_current,
    signature_register,
)
from countersign.projections.search import report_search, saved_searches
from countersign.projections.work import (
    backups,
    document_store,
    job_board,
    mail_broadcasts,
    mail_outbox,
    mail_suppressions,
    schedules,
    webhook_deliveries,
    webhooks,
)


def _of(module: ModuleType) -> Projection:
    """A module may name the key of its events, that its rows cannot be parted, and how tables are dressed."""
    return Projection(
        module.__name__.rpartition(".")[2],
        module.VERSION,
        module.project,
        tuple(module.metadata.sorted_tables),
        key=getattr(module, "key_of", stream_of),
        also=getattr(module, "also_of", nothing_else),
        partitioned=getattr(module, "PARTITIONED", True),
        dress=getattr(module, "dress", None),
    )


PROJECTIONS: Final[tuple[Projection, ...]] = tuple(
    map(
        _of,
        (
            report_register,
            report_figures,
            report_search,
            revision_history,
            signature_register,
            section_current,
            approval_queue,
            document_store,
            job_board,
            mail_outbox,
            mail_suppressions,
            mail_broadcasts,
            audit_log,
            people,
            sessions,
            security_events,
            api_clients,
            saved_searches,
            schedules,
            retention_due,
            webhooks,
            webhook_deliveries,
            incidents,
            operations_reports,
            backups,
        ),
    )
)


class UnknownProjection(LookupError):
    """There is no projection of that name."""


def projection_named(name: str) -> Projection:
    """One of them.

    Raises:
        UnknownProjection: there is none of that name.
    """
    for projection in PROJECTIONS:
        if projection.name == name:
            return projection
    raise UnknownProjection(f"no projection is called {name!r}: {', '.join(one.name for one in PROJECTIONS)}")
