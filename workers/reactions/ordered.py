"""How reactions want a document ordered."""

from __future__ import annotations

from uuid import UUID

from countersign.aggregates.render_order import Format, Kind
from countersign.workers.effect import Wanted
from countersign.workers.kinds import COMMANDS, ORDER_DOCUMENT


def ordered(report_id: UUID, revision: str, kind: Kind, form: Format) -> Wanted:
    """An order for one document of a revision."""
    return Wanted(
        queue=COMMANDS,
        kind=ORDER_DOCUMENT,
        target=f"{report_id}/{revision}/{kind}/{form}",
        payload={"report_id": str(report_id), "revision": revision, "kind": kind, "format": form},
    )
