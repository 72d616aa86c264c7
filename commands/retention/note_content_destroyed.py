"""The contents of a disposed report are gone."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.report.report import Report
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteContentDestroyed:
    """`contents` were removed; `shared` stay, since other reports have them too."""

    report_id: UUID
    contents: int
    shared: int


def note_content_destroyed(command: NoteContentDestroyed, store: Store) -> Receipt:
    """Note it in the report's own history.

    Raises:
        WrongStanding: the report was not disposed of.
    """
    permit(store, "NoteContentDestroyed")
    report = store.load(Report, command.report_id)
    report.note_destroyed(store.now, command.contents, command.shared)
    return store.save(report)
