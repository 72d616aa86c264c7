"""One line of plain words for each event; ids of people stay ids, their names stand elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Final

from countersign.aggregates.root import Root
from countersign.projections.audit.audit_backups import summary_of_backup
from countersign.projections.audit.audit_documents import summary_of_documents
from countersign.projections.audit.audit_installation import summary_of_installation
from countersign.projections.audit.audit_people import summary_of_people
from countersign.projections.audit.audit_read_models import summary_of_read_models
from countersign.projections.audit.audit_reports import summary_of_reports
from countersign.projections.audit.audit_searches import summary_of_searches
from countersign.projections.audit.audit_webhooks import summary_of_webhooks

PARTS: Final = (
    summary_of_people,
    summary_of_installation,
    summary_of_backup,
    summary_of_read_models,
    summary_of_reports,
    summary_of_documents,
    summary_of_searches,
    summary_of_webhooks,
)


def summary(event: Root.Event) -> str:
    """The event in a sentence; one without words of its own is named by its topic."""
    for tell in _tellers(type(event)):
        if (told := tell(event)) is not None:
            return told
    return _topic_in_words(event)


@cache
def _tellers(kind: type[Root.Event]) -> tuple[Callable[[Root.Event], str | None], ...]:
    # Asking every part for its words took longer than finding them.
    return tuple(part.dispatch(kind) for part in PARTS if part.dispatch(kind) is not part.dispatch(object))


def _topic_in_words(event: Root.Event) -> str:
    topic: str = getattr(type(event), "TOPIC", type(event).__qualname__)
    words = topic.replace(".", " ").replace("_", " ")
    return words[:1].upper() + words[1:]
