"""Parts of the service that an administrator switches while it runs, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Self

from countersign.aggregates.root import DomainError, Root, derived_id

FEATURE_FLAGS_ID: Final = derived_id("feature_flags")
LONGEST_REASON: Final = 500


class ReasonNeeded(DomainError):
    """Whoever switches a part of the service says why."""

    code = "flag_reason_required"
    status = 422


@dataclass(frozen=True, slots=True)
class Flag:
    """How a flag was set last."""

    enabled: bool
    reason: str
    set_at: datetime


class FeatureFlags(Root):
    """The one list of flags that were ever set; one that is not in it stands as configured."""

    TOPIC = "feature_flag"
    flags: Mapping[str, Flag] = field(default_factory=dict)

    class Created(Root.Created):
        TOPIC = "feature_flag.list_opened"

    class FlagSet(Root.Event):
        TOPIC = "feature_flag.set"
        name: str
        enabled: bool
        reason: str

        def apply(self, flags: FeatureFlags) -> None:
            flags.flags = {**flags.flags, self.name: Flag(self.enabled, self.reason, self.timestamp)}

    @classmethod
    def open(cls, at: datetime) -> Self:
        """Start the list, once in the life of an installation."""
        return cls._create(cls.Created, id=FEATURE_FLAGS_ID, timestamp=at)

    def set(self, at: datetime, name: str, reason: str, *, enabled: bool) -> None:
        """Switch a part of the service; what stands so already changes nothing.

        Raises:
            ReasonNeeded: it says nothing, or more than `LONGEST_REASON` characters.
        """
        said = " ".join(reason.split())
        if not said or len(said) > LONGEST_REASON:
            raise ReasonNeeded(f"say in up to {LONGEST_REASON} characters why")
        held = self.flags.get(name)
        if held is None or held.enabled is not enabled:
            self.trigger_event(self.FlagSet, timestamp=at, name=name, enabled=enabled, reason=said)

    def state_of(self, name: str) -> bool | None:
        """Whether a flag was switched on or off; None when nobody ever set it."""
        held = self.flags.get(name)
        return None if held is None else held.enabled
