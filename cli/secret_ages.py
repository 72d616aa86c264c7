"""How old the secrets in use are: the health check opens an incident over one, and operators hear of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from countersign.aggregates.secret_ref import SecretRef, secret_id
from countersign.cli.foundation import utc_now
from countersign.cli.secret_notes import secrets_in_use
from countersign.config.settings import Settings
from countersign.eventstore.aggregates import Aggregates
from countersign.projections.health.reading import Probe, Reading, absent, well, worse

ROTATE = "Rotate it: `countersign keys rotate` for the keys that sign tokens, Vault for what is kept there."


def secrets_probe(
    settings: Settings, aggregates: Aggregates, clock: Callable[[], datetime] = utc_now
) -> Probe:
    """Looks for secrets whose version has been in use for longer than `keys.rotate_after_days`."""
    longest = timedelta(days=settings.keys.rotate_after_days)

    def probe() -> Reading:
        if not longest:
            return absent("no age is set at which secrets are to be rotated")
        ages = dict(_ages(settings, aggregates, clock()))
        old = [f"{name} is {age.days} days old" for name, age in ages.items() if age > longest]
        oldest = max((age / timedelta(days=1) for age in ages.values()), default=0.0)
        if old:
            return worse("; ".join(old), ROTATE, oldest_days=round(oldest, 2))
        return well(f"{len(ages)} in use, none older than {longest.days} days", oldest_days=round(oldest, 2))

    return probe


def _ages(settings: Settings, aggregates: Aggregates, now: datetime) -> Iterator[tuple[str, timedelta]]:
    for noted in secrets_in_use(settings):
        secret = aggregates.find(SecretRef, secret_id(noted.backend, noted.name))
        if secret is not None:
            yield noted.name, now - secret.since
