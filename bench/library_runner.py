"""The projection runner of the `eventsourcing` library, with our projections as its views."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Final
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.persistence import ApplicationRecorder, Mapper, StoredEvent, Tracking, TrackingRecorder
from eventsourcing.popo import POPOApplicationRecorder
from eventsourcing.projection import BaseProjectionRunner
from eventsourcing.projection import Projection as LibraryProjection
from sqlalchemy import Connection

from countersign.aggregates.root import Root
from countersign.eventstore.databases import Database
from countersign.eventstore.log import Recorded
from countersign.eventstore.mapper import EventMapper, Happened
from countersign.projections.building.placing import Placed
from countersign.projections.folding.rows import Rows
from countersign.projections.projection import Projection

_TRACKING: Final = "bench_tracking"


@dataclass(frozen=True, slots=True)
class Subject:
    """What is projected, and where to."""

    read: Database
    mapper: EventMapper
    projection: Projection
    placed: Placed


def by_the_library(subject: Subject, page: Sequence[Recorded]) -> float:
    """The seconds that the library's runner takes for these events, given from memory."""

    class Source(Application[UUID]):
        def construct_mapper(self) -> Mapper[UUID]:
            return subject.mapper

        def construct_recorder(self) -> ApplicationRecorder:
            recorder = POPOApplicationRecorder()
            recorder.insert_events([StoredEvent(r.stream, r.version, r.topic, r.state) for r in page])
            return recorder

    view = _View(subject.read)
    begun = perf_counter()
    with BaseProjectionRunner(
        projection=_Projected(view, subject, page),
        application_class=Source,
        tracking_recorder=view,
        topics=(),
    ) as runner:
        runner.wait(len(page), timeout=600)
        return perf_counter() - begun


class _View(TrackingRecorder):
    def __init__(self, read: Database) -> None:
        self.read = read
        with read.write() as connection:
            connection.exec_driver_sql(f"DROP TABLE IF EXISTS {_TRACKING}")
            connection.exec_driver_sql(f"CREATE TABLE {_TRACKING} (name text PRIMARY KEY, position bigint)")

    def insert_tracking(self, tracking: Tracking) -> None:
        with self.read.write() as connection:
            self.move(connection, tracking)

    def move(self, connection: Connection, tracking: Tracking) -> None:
        """Write down how far the rows of this transaction reach."""
        connection.exec_driver_sql(
            f"INSERT INTO {_TRACKING} VALUES ('bench', {tracking.notification_id:d}) "  # noqa: S608
            "ON CONFLICT (name) DO UPDATE SET position = EXCLUDED.position"
        )

    def max_tracking_id(self, application_name: str) -> int | None:
        with self.read.read() as connection:
            found = connection.exec_driver_sql(f"SELECT max(position) FROM {_TRACKING}")  # noqa: S608
            position: int | None = found.scalar()
            return position


class _Projected(LibraryProjection[_View]):
    def __init__(self, view: _View, subject: Subject, page: Sequence[Recorded]) -> None:
        super().__init__(view)
        self._subject = subject
        self._metadata = subject.mapper.happened(page[0]).metadata
        self._at = page[0].recorded_at

    def process_event(self, domain_event: Any, tracking: Tracking) -> None:
        event: Root.Event = domain_event
        position, stream, version = tracking.notification_id, event.originator_id, event.originator_version
        topic: str = type(event).TOPIC  # type: ignore[attr-defined]
        happened = Happened(event, position, stream, version, topic, self._at, self._metadata)
        with self._subject.read.write() as connection:
            rows = Rows(connection, self._subject.placed)
            self._subject.projection.fold([happened], rows)
            rows.flush()
            self.view.move(connection, tracking)
