"""Where a webhook goes, what it hears of, and what signs it."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from countersign.aggregates.root import Personal, Root
from countersign.aggregates.webhook.refusals import WebhookDeleted
from countersign.aggregates.webhook.terms import Header, Only, Terms


class Endpoint(Root):
    """Its secrets, and the values of its headers, are sealed under a key of its own.

    After a rotation the secret before signs as well until `retiring_until`.
    """

    name: str
    url: str
    event_types: tuple[str, ...]
    only: Only
    headers: tuple[Header, ...]
    secret: Personal
    registered_by: UUID
    secret_number: int = 1
    retiring_secret: Personal = ""
    retiring_until: datetime | None = None
    deleted: bool = False

    class Changed(Root.Event):
        TOPIC = "webhook.changed"
        name: str
        url: str
        event_types: tuple[str, ...]
        only: Only
        headers: tuple[Header, ...]

        def apply(self, endpoint: Endpoint) -> None:
            endpoint.name, endpoint.url, endpoint.event_types = self.name, self.url, self.event_types
            endpoint.only, endpoint.headers = self.only, self.headers

    class SecretRotated(Root.Event):
        TOPIC = "webhook.secret_rotated"
        number: int
        secret: Personal
        retiring_until: datetime

        def apply(self, endpoint: Endpoint) -> None:
            endpoint.retiring_secret, endpoint.retiring_until = endpoint.secret, self.retiring_until
            endpoint.secret, endpoint.secret_number = self.secret, self.number

    class Deleted(Root.Event):
        TOPIC = "webhook.deleted"
        reason: str

        def apply(self, endpoint: Endpoint) -> None:
            endpoint.deleted = True

    def change(self, at: datetime, terms: Terms) -> None:
        """Tell something else, or somewhere else; the same terms change nothing.

        Raises:
            WebhookDeleted: nothing is told any more.
        """
        self.require_kept()
        if terms != self.terms:
            self.trigger_event(self.Changed, timestamp=at, **fields_of(terms))

    def rotate(self, at: datetime, secret: str, overlap: timedelta) -> None:
        """Sign with another secret; the present one signs as well for the overlap.

        Raises:
            WebhookDeleted: nothing is signed any more.
        """
        self.require_kept()
        self.trigger_event(
            self.SecretRotated,
            timestamp=at,
            number=self.secret_number + 1,
            secret=secret,
            retiring_until=at + overlap,
        )

    def delete(self, at: datetime, reason: str) -> None:
        """Tell it nothing any more; what was kept for it is dropped. Doing so twice changes nothing."""
        if not self.deleted:
            self.trigger_event(self.Deleted, timestamp=at, reason=reason)

    def require_kept(self) -> None:
        """Refuse what makes no sense any more.

        Raises:
            WebhookDeleted
        """
        if self.deleted:
            raise WebhookDeleted("this webhook was deleted")

    def secrets_at(self, at: datetime) -> tuple[Personal, ...]:
        """What signs a delivery: the secret, and the one before while it is being exchanged."""
        overlapping = self.retiring_until is not None and at < self.retiring_until
        return (self.secret, self.retiring_secret) if overlapping else (self.secret,)

    def hears_of(self, event_type: str) -> bool:
        """Whether it asked for that type of event."""
        return not self.deleted and (not self.event_types or event_type in self.event_types)

    @property
    def terms(self) -> Terms:
        """Where it goes, and what is sent there."""
        return Terms(self.name, self.url, self.event_types, self.only, self.headers)


def fields_of(terms: Terms) -> dict[str, object]:
    """The terms as fields of an event."""
    return {name: getattr(terms, name) for name in ("name", "url", "event_types", "only", "headers")}
