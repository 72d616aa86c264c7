"""A secret that the service uses: which version came into use when, never what it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, Self
from uuid import UUID

from countersign.aggregates.root import Root, derived_id

Backend = Literal["vault", "env", "file"]
"""Where the secret itself is kept."""


def secret_id(backend: Backend, name: str) -> UUID:
    """The secret that is known there by that name."""
    return derived_id("secret", backend, name)


class SecretRef(Root):
    """What is known of a secret: `versions` are all that were ever seen, in the order of their coming."""

    TOPIC = "secret"
    name: str
    backend: Backend
    secret_version: str
    later: tuple[str, ...] = ()
    retired: tuple[str, ...] = ()
    rotated_at: datetime | None = None

    class Created(Root.Created):
        TOPIC = "secret.registered"
        name: str
        backend: Backend
        secret_version: str

    class Rotated(Root.Event):
        TOPIC = "secret.rotated"
        name: str
        backend: Backend
        secret_version: str

        def apply(self, secret: SecretRef) -> None:
            secret.later = (*secret.later, self.secret_version)
            secret.rotated_at = self.timestamp

    class VersionRetired(Root.Event):
        TOPIC = "secret.version_retired"
        name: str
        backend: Backend
        secret_version: str

        def apply(self, secret: SecretRef) -> None:
            secret.retired = (*secret.retired, self.secret_version)

    @classmethod
    def register(cls, at: datetime, backend: Backend, name: str, version: str) -> Self:
        """Note a secret with the first version that was seen of it."""
        return cls._create(
            cls.Created,
            id=secret_id(backend, name),
            timestamp=at,
            name=name,
            backend=backend,
            secret_version=version,
        )

    @property
    def versions(self) -> tuple[str, ...]:
        """All that were ever seen, the latest last."""
        return (self.secret_version, *self.later)

    @property
    def since(self) -> datetime:
        """When its latest version was first seen in use."""
        return self.rotated_at or self.created_on

    def see(self, at: datetime, versions: Sequence[str]) -> None:
        """Note those that are new: one that was seen before is none, whoever still holds it."""
        for version in versions:
            if version not in self.versions:
                self._trigger(self.Rotated, at, version)

    def retire(self, at: datetime, version: str) -> None:
        """Note that a version was destroyed, once."""
        if version in self.versions and version not in self.retired:
            self._trigger(self.VersionRetired, at, version)

    def _trigger(self, event: type[Rotated] | type[VersionRetired], at: datetime, version: str) -> None:
        self.trigger_event(event, timestamp=at, name=self.name, backend=self.backend, secret_version=version)
