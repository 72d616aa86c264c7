"""Where orders about read models are given, and a builder that carries them out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from countersign.aggregates.read_model import ReadModel, read_model_id
from countersign.aggregates.read_model_builds import Promote
from countersign.aggregates.root import Root
from countersign.projections.building import builds
from countersign.projections.building.builder import Builder, Options
from countersign.projections.building.builds import Build
from countersign.projections.building.pace import Progress
from countersign.projections.catalogue import PROJECTIONS
from countersign.projections.projection import Projection
from tests.integration.projections.journal import Journal

REASON = "as the test wants it"


class Desk:
    """`announced` are the builds that readers were said to see."""

    def __init__(
        self, journal: Journal, projections: Iterable[Projection] = PROJECTIONS, **options: Any
    ) -> None:
        self.journal = journal
        self.read = journal.databases.read
        self.announced: list[Build] = []
        self.options = Options(**{"batch_size": 10, "handover_s": 0, "poll_s": 0.05, **options})
        self.builder = self.new_builder(projections)

    def new_builder(self, projections: Iterable[Projection], holder: str = "builder") -> Builder:
        """Another one, as in a process of its own."""
        journal = self.journal
        decode, announce = journal.store.mapper.happened, self.announced.append
        return Builder(journal.log, decode, self.read, projections, holder, announce, self.options)

    def order(self, name: str, event: type[Root.Event], **fields: Any) -> None:
        """Note an order in the log, without any of the checks of a command."""
        self.journal.happen(read_model_id(name), event, **fields, reason=REASON)

    def order_rebuild(
        self,
        projection: Projection,
        promote: Promote = Promote.EQUAL,
        *,
        segments: int = 1,
        keep: bool = False,
        number: int | None = None,
    ) -> int:
        """Order one; its number."""
        name = projection.name
        number = number or max((build.build for build in self.builds(name)), default=1) + 1
        how = {"version": projection.version, "segments": segments, "promote": promote, "keep": keep}
        self.order(name, ReadModel.RebuildOrdered, build=number, **how)
        return number

    def rebuild(
        self,
        projection: Projection,
        progress: Progress = lambda *_: None,
        give_up: Callable[[], bool] = lambda: False,
        **order: Any,
    ) -> Build:
        """Order one and have it made."""
        number = self.order_rebuild(projection, **order)
        return self.new_builder([projection]).bring(projection.name, number, progress, give_up)

    def builds(self, name: str) -> list[Build]:
        """All builds of a projection."""
        with self.read.read() as connection:
            return builds.load(connection, [name])

    def build(self, name: str, number: int) -> Build:
        """One of them."""
        return next(build for build in self.builds(name) if build.build == number)

    def live(self, name: str) -> Build:
        """The one that readers see."""
        with self.read.read() as connection:
            found = builds.live(connection, name)
        assert found is not None
        return found
