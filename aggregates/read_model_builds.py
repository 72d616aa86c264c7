"""The builds of a read model: ordered, shown to readers, kept to go back to, given up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from enum import StrEnum
from typing import Final

from countersign.aggregates.read_model_refusals import (
    BuildGone,
    BuildShown,
    InvalidSegments,
    NotCancellable,
    NothingToRollBackTo,
    RebuildUnderWay,
    UnknownBuild,
    reasoned,
)
from countersign.aggregates.root import Root

FIRST_BUILD: Final = 1
"""The one that the installation comes with: nobody ordered it."""
MOST_SEGMENTS: Final = 64


class Promote(StrEnum):
    """When a finished build is shown to readers of itself."""

    EQUAL = "equal"  # when nothing differs from what they see, or there is nothing to compare with
    ALWAYS = "always"
    NEVER = "never"


class BuildStatus(StrEnum):
    """What is known of a build by orders alone; how far it has come, the read database knows."""

    ORDERED = "ordered"
    SHOWN = "shown"
    KEPT = "kept"  # readers saw it before, and may again
    GONE = "gone"


class Builds(Root):
    """What was ordered about each build, by its number, and which one readers see.

    `replaced` can be shown again; `keep` says whether the shown one stays when another takes its place.
    """

    name: str
    builds: Mapping[int, BuildStatus] = field(default_factory=lambda: {FIRST_BUILD: BuildStatus.SHOWN})
    shown: int = FIRST_BUILD
    replaced: int | None = None
    keep: bool = True

    class RebuildOrdered(Root.Event):
        """Make the tables anew beside those that are shown; `keep`: those stay, to go back to."""

        TOPIC = "read_model.rebuild_ordered"
        build: int
        version: int
        segments: int
        promote: Promote
        keep: bool
        reason: str

        def apply(self, model: Builds) -> None:
            model._note(self.build, BuildStatus.ORDERED)
            model.keep = self.keep

    class RebuildCancelled(Root.Event):
        TOPIC = "read_model.rebuild_cancelled"
        build: int
        reason: str

        def apply(self, model: Builds) -> None:
            model._note(self.build, BuildStatus.GONE)

    class PromotionOrdered(Root.Event):
        """Show this build as soon as it is ready, whatever differs."""

        TOPIC = "read_model.promotion_ordered"
        build: int
        keep: bool
        reason: str

        def apply(self, model: Builds) -> None:
            model.keep = self.keep

    class RollbackOrdered(Root.Event):
        """Show the build again that was shown before."""

        TOPIC = "read_model.rollback_ordered"
        build: int
        reason: str

        def apply(self, model: Builds) -> None:
            model.keep = True

    class RetirementOrdered(Root.Event):
        """Drop the tables of a build that is kept."""

        TOPIC = "read_model.retirement_ordered"
        build: int
        reason: str

        def apply(self, model: Builds) -> None:
            model._note(self.build, BuildStatus.GONE)
            if model.replaced == self.build:
                model.replaced = None

    class Promoted(Root.Event):
        """Readers see this build from `position` on; `different` is None where nothing could be compared."""

        TOPIC = "read_model.promoted"
        build: int
        replaces: int | None
        position: int
        different: int | None

        def apply(self, model: Builds) -> None:
            model._show(self.build, self.replaces)

    @property
    def candidate(self) -> int | None:
        """The build that was ordered and of which nothing was decided yet."""
        return next((build for build, at in self.builds.items() if at is BuildStatus.ORDERED), None)

    def order_rebuild(
        self, at: datetime, version: int, segments: int, promote: Promote, reason: str, *, keep: bool
    ) -> int:
        """Have the tables made anew; the number of the build.

        Raises:
            ReasonRequired: as `reasoned` says.
            InvalidSegments: under 1, or more than `MOST_SEGMENTS`.
            RebuildUnderWay: promote, retire or cancel that one first.
        """
        said = reasoned(reason)
        if not 1 <= segments <= MOST_SEGMENTS:
            raise InvalidSegments(f"there can be 1 to {MOST_SEGMENTS} segments, not {segments}")
        if (other := self.candidate) is not None:
            raise RebuildUnderWay(f"build {other} of {self.name} is under way: promote it or cancel it first")
        build = max(self.builds) + 1
        self.trigger_event(
            self.RebuildOrdered,
            timestamp=at,
            build=build,
            version=version,
            segments=segments,
            promote=promote,
            keep=keep,
            reason=said,
        )
        return build

    def cancel(self, at: datetime, build: int, reason: str) -> None:
        """Give up a build that was never shown.

        Raises:
            UnknownBuild, BuildGone, BuildShown, NotCancellable, ReasonRequired: see there.
        """
        said = reasoned(reason)
        if self._aside(build) is not BuildStatus.ORDERED:
            raise NotCancellable(f"build {build} of {self.name} was shown before: retire it instead")
        self.trigger_event(self.RebuildCancelled, timestamp=at, build=build, reason=said)

    def order_promotion(self, at: datetime, build: int, reason: str, *, keep: bool) -> None:
        """Have a build shown to readers.

        Raises:
            UnknownBuild, BuildGone, BuildShown, ReasonRequired: see there.
        """
        said = reasoned(reason)
        self._aside(build)
        self.trigger_event(self.PromotionOrdered, timestamp=at, build=build, keep=keep, reason=said)

    def order_rollback(self, at: datetime, reason: str) -> int:
        """Have the build shown again that the last promotion replaced; its number.

        Raises:
            NothingToRollBackTo: it was not kept.
            ReasonRequired: as `reasoned` says.
        """
        said = reasoned(reason)
        if self.replaced is None:
            raise NothingToRollBackTo(f"no earlier build of {self.name} was kept")
        build = self.replaced
        self.trigger_event(self.RollbackOrdered, timestamp=at, build=build, reason=said)
        return build

    def order_retirement(self, at: datetime, build: int, reason: str) -> None:
        """Have the tables of a build dropped that readers do not see.

        Raises:
            UnknownBuild, BuildGone, BuildShown, ReasonRequired: see there.
        """
        said = reasoned(reason)
        self._aside(build)
        self.trigger_event(self.RetirementOrdered, timestamp=at, build=build, reason=said)

    def note_promotion(
        self, at: datetime, build: int, replaces: int | None, position: int, different: int | None
    ) -> None:
        """Note that readers see a build; noted once, however often it is told."""
        if build != self.shown:
            self.trigger_event(
                self.Promoted,
                timestamp=at,
                build=build,
                replaces=replaces,
                position=position,
                different=different,
            )

    def _aside(self, build: int) -> BuildStatus:
        held = self.builds.get(build)
        if held is None:
            raise UnknownBuild(f"{self.name} has no build {build}")
        if held is BuildStatus.GONE:
            raise BuildGone(f"build {build} of {self.name} was given up: order a rebuild")
        if held is BuildStatus.SHOWN:
            raise BuildShown(f"build {build} of {self.name} is the one that readers see")
        return held

    def _note(self, build: int, status: BuildStatus) -> None:
        self.builds = {**self.builds, build: status}

    def _show(self, build: int, replaces: int | None) -> None:
        if replaces is not None:
            self._note(replaces, BuildStatus.KEPT if self.keep else BuildStatus.GONE)
        self._note(build, BuildStatus.SHOWN)
        self.shown = build
        self.replaced = replaces if self.keep else None
