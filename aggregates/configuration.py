"""When running processes took up other settings, or would not: never a value, only which and from where."""

from __future__ import annotations

from datetime import datetime
from typing import Final, Self

from countersign.aggregates.root import Root, derived_id

CONFIGURATION_ID: Final = derived_id("configuration")


class Configuration(Root):
    """The history of the settings of an installation; `source` is the process that read them."""

    TOPIC = "configuration"
    digest: str = ""

    class Created(Root.Created):
        TOPIC = "configuration.history_opened"

    class Reloaded(Root.Event):
        TOPIC = "configuration.reloaded"
        source: str
        digest: str
        changed: tuple[str, ...]
        restart_needed: tuple[str, ...]

        def apply(self, configuration: Configuration) -> None:
            configuration.digest = self.digest

    class Rejected(Root.Event):
        TOPIC = "configuration.rejected"
        source: str
        errors: tuple[str, ...]

    @classmethod
    def open(cls, at: datetime) -> Self:
        """Begin the history, once in the life of an installation."""
        return cls._create(cls.Created, id=CONFIGURATION_ID, timestamp=at)

    def reload(
        self,
        at: datetime,
        source: str,
        digest: str,
        changed: tuple[str, ...],
        restart_needed: tuple[str, ...],
    ) -> None:
        """Note which settings came into force, and which wait for a restart."""
        self.trigger_event(
            self.Reloaded,
            timestamp=at,
            source=source,
            digest=digest,
            changed=changed,
            restart_needed=restart_needed,
        )

    def reject(self, at: datetime, source: str, errors: tuple[str, ...]) -> None:
        """Note which settings were wrong, so that the old ones stay in force."""
        self.trigger_event(self.Rejected, timestamp=at, source=source, errors=errors)
