"""What the health check has found lately, and which incidents are not over."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import inspect

from countersign.cli.spans import span_of
from countersign.cli.status.problem import Component, Problem, strained
from countersign.eventstore.databases import Database
from countersign.projections.health.health_readings import Standing, standings, status
from countersign.projections.health.incidents import incidents
from countersign.projections.health.incidents_queries import IncidentRow, unresolved_incidents
from countersign.projections.projection import view_of

UNSEEN: Final = timedelta(minutes=5)
FORGOTTEN: Final = timedelta(days=1)
"""A machine that was taken away is not spoken of for ever."""
_LOOKED_AT_HERE: Final = frozenset(Component)


@dataclass(frozen=True, slots=True)
class Observed:
    """The components at their last reading, and the incidents that are not over."""

    components: Sequence[Standing] = ()
    incidents: Sequence[IncidentRow] = ()


def observed(read: Database, now: datetime) -> Observed:
    """Read both; without their tables there is nothing."""
    with read.read() as connection:
        there = inspect(connection)
        has_readings = there.has_table(status.name)
        has_incidents = there.has_table(view_of(incidents).name)
    lately = [each for each in standings(read) if now - each.at < FORGOTTEN] if has_readings else []
    return Observed(lately, unresolved_incidents(read) if has_incidents else ())


def problems_observed(found: Observed, now: datetime, told: Collection[str]) -> Iterator[Problem]:
    """What else there is to do: `told` are the components whose problems were found by looking just now."""
    yield from _unseen(found.components, now)
    for standing in found.components:
        if standing.component in _LOOKED_AT_HERE or standing.condition.is_well:
            continue
        if now - standing.at < UNSEEN:
            how_long = span_of((now - standing.since).total_seconds())
            what = f"{standing.component}, for {how_long}: {standing.says}."
            yield Problem(standing.component, standing.condition, what, standing.remedy)
    known = {*told, *(each.component for each in found.components)}
    for incident in found.incidents:
        if incident.component not in known:
            yield strained(
                incident.component,
                f"An incident of {incident.component} is not over, and nobody looks at it any more.",
                f'`countersign incidents resolve {incident.incident_id} --note "..." --as E-MAIL` closes it.',
            )


def _unseen(components: Sequence[Standing], now: datetime) -> Iterator[Problem]:
    if not components:
        return
    last = max(each.at for each in components)
    if now - last >= UNSEEN:
        yield strained(
            "health_check",
            f"Nobody has looked at the health for {span_of((now - last).total_seconds())}.",
            "Start `countersign schedule`, and `countersign work` with the queue monitoring.",
        )
