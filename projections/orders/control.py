"""Obeys what operators have ordered about read models: the orders are events, what they change is tables."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import singledispatch
from typing import Any, Final

from sqlalchemy import BigInteger, Column, Connection, MetaData, String, Table, select, text, update

from countersign.aggregates.read_model import ReadModel, read_model_id
from countersign.aggregates.read_model_builds import Promote
from countersign.aggregates.root import Root
from countersign.eventstore.databases import Database
from countersign.eventstore.event_decoder import UnreadableEvent
from countersign.eventstore.log import Log, Recorded
from countersign.eventstore.mapper import Happened
from countersign.eventstore.topics import UnknownTopic
from countersign.projections.building import builds
from countersign.projections.building.builds import Status
from countersign.projections.following import positions
from countersign.projections.letters import dead_letters
from countersign.projections.letters.dead_letters import Wanted
from countersign.projections.projection import Projection

log = logging.getLogger(__name__)

metadata: Final = MetaData()
obeyed: Final = Table(
    "projection_control",
    metadata,
    Column("name", String(63), primary_key=True),
    Column("obeyed_version", BigInteger, nullable=False),
)
_MAKE_SURE: Final = text(
    "INSERT INTO projection_control (name, obeyed_version) VALUES (:name, 0) ON CONFLICT DO NOTHING"
)


class Control:
    """Any process may call it at any time: an order is obeyed once, by whoever comes first."""

    def __init__(
        self,
        log: Log,
        decode: Callable[[Recorded], Happened],
        read: Database,
        projections: Iterable[Projection],
    ) -> None:
        self._log = log
        self._decode = decode
        self._read = read
        self._names = {read_model_id(one.name): one.name for one in projections}
        self._obeyed: dict[str, int] | None = None
        self._seen_up_to = -1

    def obey(self) -> int:
        """Do what was ordered since somebody last did so; how many orders that were."""
        head = self._log.head()  # first: orders are events, so that without new ones there is none
        if self._obeyed is not None and head == self._seen_up_to:
            return 0
        known = self._known()
        behind = {stream: known.get(name, 0) for stream, name in self._names.items()}
        found = self._log.streams(behind)
        count = sum(self._follow(self._names[stream], orders) for stream, orders in found.items() if orders)
        self._seen_up_to = head
        return count

    def _known(self) -> Mapping[str, int]:
        if self._obeyed is None:
            with self._read.read() as connection:
                self._obeyed = {row.name: row.obeyed_version for row in connection.execute(select(obeyed))}
        return self._obeyed

    def _follow(self, name: str, recorded: Sequence[Recorded]) -> int:
        orders = self._readable(name, recorded)
        if not orders:
            return 0
        before, after = orders[0].version - 1, orders[-1].version
        with self._read.write() as connection:
            if not _advanced(connection, name, before, after):
                self._obeyed = None  # another process was faster: look again at the next call
                return 0
            settled = {event.build for event in _events(orders) if isinstance(event, _SETTLING)}
            for event in _events(orders):
                if not (isinstance(event, ReadModel.RebuildOrdered) and event.build in settled):
                    _obey(event, connection, name)
        if self._obeyed is not None:
            self._obeyed[name] = after
        return len(orders)

    def _readable(self, name: str, recorded: Iterable[Recorded]) -> list[Happened]:
        orders: list[Happened] = []
        for each in recorded:
            try:
                orders.append(self._decode(each))
            except (UnknownTopic, UnreadableEvent) as strange:
                log.warning("an order about %s is left to a program that knows it: %s", name, strange)
                break
        return orders


_SETTLING: Final = (ReadModel.Promoted, ReadModel.RebuildCancelled, ReadModel.RetirementOrdered)
"""What is followed by one of these is not built, since tables that are new have a longer history to obey."""


def _events(orders: Iterable[Happened]) -> Iterable[Root.Event]:
    return [order.event for order in orders]


def _advanced(connection: Connection, name: str, before: int, after: int) -> bool:
    connection.execute(_MAKE_SURE, {"name": name})
    stands = (obeyed.c.name == name) & (obeyed.c.obeyed_version == before)
    return connection.execute(update(obeyed).where(stands).values(obeyed_version=after)).rowcount == 1


@singledispatch
def _obey(_event: Any, _connection: Connection, _name: str) -> None:
    """The others change nothing here."""


@_obey.register
def _(event: ReadModel.RebuildOrdered, connection: Connection, name: str) -> None:
    if event.build not in {build.build for build in builds.load(connection, [name])}:
        values = {"status": Status.BUILDING, "promote": event.promote, "keep": event.keep}
        builds.add(connection, name, event.version, event.segments, build=event.build, **values)


@_obey.register
def _(event: ReadModel.RebuildCancelled, connection: Connection, name: str) -> None:
    _turn(connection, name, event.build, (*builds.UNDER_WAY, Status.FOLLOWING), status=Status.CANCELLED)


@_obey.register
def _(event: ReadModel.RetirementOrdered, connection: Connection, name: str) -> None:
    _turn(connection, name, event.build, (*builds.UNDER_WAY, Status.FOLLOWING), status=Status.RETIRING)


@_obey.register
def _(event: ReadModel.PromotionOrdered, connection: Connection, name: str) -> None:
    wanted = {"promote": Promote.ALWAYS, "keep": event.keep}
    _turn(connection, name, event.build, (*builds.UNDER_WAY, Status.FOLLOWING), **wanted)


@_obey.register
def _(event: ReadModel.RollbackOrdered, connection: Connection, name: str) -> None:
    _turn(connection, name, event.build, (Status.FOLLOWING,), promote=Promote.ALWAYS, keep=True)


@_obey.register
def _(_event: ReadModel.Paused, connection: Connection, name: str) -> None:
    positions.pause(connection, name)


@_obey.register
def _(_event: ReadModel.Resumed, connection: Connection, name: str) -> None:
    positions.resume(connection, name)


@_obey.register
def _(event: ReadModel.LettersRetried, connection: Connection, name: str) -> None:
    _want(connection, name, Wanted.RETRY, event.positions)


@_obey.register
def _(event: ReadModel.DiscardApproved, connection: Connection, name: str) -> None:
    _want(connection, name, Wanted.DISCARD, [event.position])


def _turn(
    connection: Connection, name: str, number: int, within: Collection[Status], **values: object
) -> None:
    if not builds.turn(connection, name, number, within, **values):
        log.warning("what was ordered about build %d of %s does not apply to it now", number, name)


def _want(connection: Connection, name: str, wanted: Wanted, letters: Collection[int]) -> None:
    for build in builds.load(connection, [name]):
        dead_letters.want(connection, name, build.build, wanted, letters)
