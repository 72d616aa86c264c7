"""How the service stands, read from its databases: what is behind, what waits, and who works on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from countersign.aggregates.read_model_builds import Promote
from countersign.cli.foundation import utc_now
from countersign.cli.jobs.letters import Letter, letters
from countersign.cli.ledger import Ledger
from countersign.cli.status.endpoints import EndpointStanding, endpoint_standings
from countersign.cli.status.keeping import Keeping, keeping
from countersign.cli.status.observed import Observed, observed
from countersign.cli.status.queues import QueueStanding, queue_standings
from countersign.cli.tables import lacks_foundations, missing_tables
from countersign.eventstore.databases import Database
from countersign.eventstore.leases import Leases
from countersign.projections.building import builds
from countersign.projections.building.builds import Status
from countersign.projections.catalogue import PROJECTIONS
from countersign.projections.following.lag import Lag
from countersign.projections.following.unit import role_of
from countersign.workers import reaction_checkpoints, reaction_runner, schedule
from countersign.workers.reactions.catalogue import reactions


@dataclass(frozen=True, slots=True)
class ReactionStanding:
    """How far a reaction has come; one that was never begun has no position."""

    name: str
    position: int | None
    events: int
    seconds: float
    error: str | None


@dataclass(frozen=True, slots=True)
class Undecided:
    """A build that is ready and that nobody has ordered to be shown; `note` says why it is not."""

    name: str
    build: int
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Everything at one moment; `roles` has who holds each elected role, None for nobody."""

    at: datetime
    missing: tuple[str, ...] = ()
    head: int = 0
    projections: tuple[Lag, ...] = ()
    reactions: tuple[ReactionStanding, ...] = ()
    queues: tuple[QueueStanding, ...] = ()
    letters: tuple[Letter, ...] = ()
    endpoints: tuple[EndpointStanding, ...] = ()
    undecided: tuple[Undecided, ...] = ()
    observed: Observed = field(default_factory=Observed)
    keeping: Keeping = field(default_factory=Keeping)
    roles: Mapping[str, str | None]

    @property
    def is_set_up(self) -> bool:
        """Whether there is a service here at all."""
        return not lacks_foundations(self.missing)


def standing(opened: Ledger) -> Standing:
    """Look.

    Raises:
        DatabaseUnavailable: a database is not to be had.
    """
    now, missing = utc_now(), missing_tables(opened.databases)
    if lacks_foundations(missing):
        return Standing(at=now, missing=missing, roles={})
    read = opened.databases.read
    waiting = letters(read)
    return Standing(
        at=now,
        missing=missing,
        projections=tuple(opened.lags()),
        reactions=tuple(_reactions(opened, _names(), now)),
        queues=queue_standings(read, waiting, now),
        letters=waiting,
        endpoints=endpoint_standings(read),
        undecided=tuple(_undecided(read)),
        observed=observed(read, now),
        keeping=keeping(read, now),
        roles=_roles(read),
        head=opened.log.head(),
    )


def _undecided(read: Database) -> Iterator[Undecided]:
    with read.read() as connection:
        ready = builds.load(connection, [one.name for one in PROJECTIONS], [Status.FOLLOWING])
    for build in ready:
        was_shown, is_ordered = build.retire_at is not None, build.promote is Promote.ALWAYS
        if not was_shown and not is_ordered:
            yield Undecided(build.name, build.build, build.note or "")


def _reactions(opened: Ledger, names: Iterable[str], now: datetime) -> Iterator[ReactionStanding]:
    with opened.databases.read.read() as connection:
        stored = reaction_checkpoints.load(connection)
    head = opened.log.head()
    for name in names:
        if name not in stored:
            yield ReactionStanding(name, None, head, _age_s(opened, 0, head, now), None)
            continue
        at = stored[name].position
        seconds = _age_s(opened, at, head, now)
        yield ReactionStanding(name, at, max(0, head - at), seconds, stored[name].error)


def _names() -> list[str]:
    return [reaction.name for reaction in reactions()]


def _age_s(opened: Ledger, position: int, head: int, now: datetime) -> float:
    if position >= head:
        return 0.0
    return max(0.0, (now - opened.log.read(position, 1)[0].recorded_at).total_seconds())


def _roles(read: Database) -> dict[str, str | None]:
    with read.read() as connection:
        running = builds.load(connection, [one.name for one in PROJECTIONS], builds.RUNNING)
    leases = Leases(read)
    held = leases.holders("projection:")
    units = (role_of(*place) for build in running for place in build.places)
    return {
        **{role: leases.holder_of(role) for role in (reaction_runner.ROLE, schedule.ROLE)},
        **{role: held.get(role) for role in units},
    }
