"""How far one projection is behind the log, who moves it, and how fast."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from countersign.projections.building.builds import Build
from countersign.projections.following.positions import Position, State
from countersign.projections.following.unit import role_of
from countersign.projections.letters.stale_keys import NOTHING_PARKED, Parked
from countersign.projections.projection import Projection


@dataclass(frozen=True, slots=True, kw_only=True)
class Lag:
    """What a projection has not applied yet: so many events, the oldest of them so many seconds old.

    It is told of the build that readers see, in the name of its slowest segment. When it has failed,
    `failed_position` and `error` say where and why it stopped. `rate` is in events a second; `catch_up_s` is
    None where nobody can tell, and while nobody moves it. Without a `build` there are no tables yet, and all
    of the log is missing. `letters` are events that it could not take or holds behind those; `parked_keys`
    many keys lack them.
    """

    name: str
    version: int
    build: int | None = None
    segments: int = 0
    position: int = 0
    events: int
    seconds: float
    state: State = State.RUNNING
    failed_position: int | None = None
    error: str | None = None
    error_class: str | None = None
    holder: str | None = None
    held_since: datetime | None = None
    rate: float = 0.0
    catch_up_s: float | None = None
    letters: int = 0
    parked_keys: int = 0


@dataclass(frozen=True, slots=True)
class Shown:
    """The build of a projection that readers see: its positions, who holds which role, and what is parked."""

    build: Build
    held: Sequence[Position]
    holders: Mapping[str, str]
    parked: Parked = NOTHING_PARKED

    @property
    def slowest(self) -> Position:
        """The segment that is furthest behind: up to there, all can be read."""
        return min(self.held, key=lambda at: at.position)

    @property
    def holder(self) -> str | None:
        """Who moves it; several names when segments have different owners, None when nobody does."""
        holding = {self.holders.get(role_of(*at.place)) for at in self.held} - {None}
        return ", ".join(sorted(map(str, holding))) or None


def lag_of(projection: Projection, shown: Shown | None, head: int, seconds: float) -> Lag:
    """The lag at a position whose next event is so many seconds old."""
    if shown is None:
        return Lag(name=projection.name, version=projection.version, events=head, seconds=seconds)
    at, build, holder = _worst(shown), shown.build, shown.holder
    events = max(0, head - shown.slowest.position)
    rate = sum(one.rate for one in shown.held)
    foreign = build.version != projection.version and holder is None
    return Lag(
        name=projection.name,
        version=build.version,
        build=build.build,
        segments=build.segments,
        position=shown.slowest.position,
        events=events,
        seconds=seconds,
        state=State.FAILED if foreign else at.state,
        failed_position=at.failed_position,
        error=_of_another_version(projection, build) if foreign else at.error,
        error_class=at.error_class,
        holder=holder,
        held_since=_time(at.held_since) if holder else None,
        rate=rate,
        catch_up_s=_catch_up_s(events, rate, moves=holder is not None and at.state is State.RUNNING),
        letters=shown.parked.letters,
        parked_keys=shown.parked.keys,
    )


def _worst(shown: Shown) -> Position:
    by_need = {State.FAILED: 0, State.PAUSED: 1, State.RUNNING: 2}
    return min(shown.held, key=lambda at: (by_need[at.state], at.position))


def _of_another_version(projection: Projection, build: Build) -> str:
    return (
        f"its tables are version {build.version}, the program's is {projection.version}: rebuild it, "
        "and let a program of the old version run until then"
    )


def _catch_up_s(events: int, rate: float, *, moves: bool) -> float | None:
    if not events:
        return 0.0
    return events / rate if rate and moves else None


def _time(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
