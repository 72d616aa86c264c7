"""How the TLS certificate of the settings stands: for the doctor, for `status` and for the health check."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import Final

from countersign.cli.foundation import utc_now
from countersign.cli.served_certificate import certificate_files
from countersign.commands.certificate.note_certificate import NoteCertificate
from countersign.config.settings import Settings
from countersign.config.tls.certificate import Certificate, CertificateRefused, check_time
from countersign.projections.health.reading import Probe, Reading, absent, failed, well, worse

_READ_EVERY: Final = timedelta(seconds=15)
RENEW = (
    "Renew it and put the new files in the place of the old ones: a running server takes them by itself, "
    "and connections go on."
)


@dataclass(frozen=True, slots=True)
class CertificateStanding:
    """What there is to say; `is_usable` until clients refuse it, `is_fine` until it is time to renew it."""

    is_usable: bool
    is_fine: bool
    says: str
    certificate: Certificate | None = None

    @property
    def state(self) -> State:
        """The same in a word."""
        if not self.is_usable:
            return State.UNUSABLE
        return State.OK if self.is_fine else State.EXPIRING


class State(StrEnum):
    """How it stands, as `/readyz` and `status` say it."""

    OK = "ok"
    EXPIRING = "expiring"
    UNUSABLE = "unusable"


def certificate_standing(settings: Settings, now: datetime) -> CertificateStanding | None:
    """Read its files again; None where the API speaks plain HTTP."""
    if not settings.tls.certificate:
        return None
    try:
        files = certificate_files(settings)
        certificate = files.read()
        files.client_authorities()
        check_time(certificate, now)
    except CertificateRefused as refused:
        return CertificateStanding(is_usable=False, is_fine=False, says=str(refused))
    days = certificate.days_left(now)
    says = (
        f"{certificate.subject} ({certificate.source}), valid until "
        f"{certificate.not_after:%Y-%m-%d %H:%M} UTC, {days:.0f} days left"
    )
    return CertificateStanding(True, days >= settings.tls.warn_days, says, certificate)


class CertificateComponent:
    """What `/readyz` says of it; anybody may ask, so the files are read only now and then."""

    def __init__(self, settings: Settings, clock: Callable[[], datetime] = utc_now) -> None:
        self._settings, self._clock = settings, clock
        self._state, self._read_again_at = "", datetime.min.replace(tzinfo=UTC)

    def __call__(self) -> str:
        """Its state in a word; nothing where the API speaks plain HTTP."""
        now = self._clock()
        if now >= self._read_again_at:
            found = certificate_standing(self._settings, now)
            self._state, self._read_again_at = "" if found is None else found.state, now + _READ_EVERY
        return self._state


def certificate_probe(settings: Settings, clock: Callable[[], datetime] = utc_now) -> Probe:
    """What the health check says of it, each time from the files."""

    def probe() -> Reading:
        now = clock()
        found = certificate_standing(settings, now)
        if found is None:
            return absent("the API speaks plain HTTP")
        if found.certificate is None:
            return failed(found.says, RENEW)
        days = round(found.certificate.days_left(now), 2)
        return (well if found.is_fine else partial(worse, remedy=RENEW))(found.says, days_left=days)

    return probe


def certificate_note(settings: Settings) -> NoteCertificate | None:
    """What the log of events is to know of it, in whatever time; None where there is none to be read."""
    if not settings.tls.certificate:
        return None
    try:
        shown = certificate_files(settings).read()
    except CertificateRefused:
        return None  # the health check says why
    return NoteCertificate(
        fingerprint=shown.fingerprint,
        subject=shown.subject,
        not_after=shown.not_after,
        source=shown.source,
        warn_days=settings.tls.warn_days,
    )
