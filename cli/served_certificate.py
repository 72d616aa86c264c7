"""The certificate that the API answers with, by the settings."""

from __future__ import annotations

import logging
import ssl
from typing import Final

from prometheus_client import Gauge

from countersign.cli.foundation import utc_now
from countersign.config.settings import Settings
from countersign.config.tls.certificate import Certificate, CertificateRefused
from countersign.config.tls.certificate_files import CertificateFiles
from countersign.config.tls.renewal import CertificateInUse

_EXPIRES: Final = Gauge(
    "countersign_tls_certificate_expires_seconds",
    "When the TLS certificate in use expires, in seconds since 1970",
    ["subject"],  # without one, nothing is said where there is no certificate
    multiprocess_mode="livemostrecent",
)
_log = logging.getLogger(__name__)


class NotServed(Exception):
    """No certificate was taken: without one there is no TLS."""


def certificate_files(settings: Settings) -> CertificateFiles:
    """Where it lies; a relative path counts from the data folder."""
    tls = settings.tls
    return CertificateFiles(
        certificate=settings.data_dir / tls.certificate,
        key=settings.data_dir / tls.key if tls.key else None,
        password=tls.password.reveal(),
        clients=settings.data_dir / tls.client_ca_file if tls.client_certificates == "optional" else None,
    )


class ServedCertificate:
    """What the processes of one server hold: taken by the first of them, and inherited by the others."""

    def __init__(self) -> None:
        self._in_use: CertificateInUse | None = None

    def take(self, settings: Settings) -> None:
        """Begin with the certificate of the settings.

        Raises:
            CertificateRefused: it cannot be used.
        """
        if settings.tls.certificate:
            told = _Told(settings.tls.warn_days)
            self._in_use = CertificateInUse(certificate_files(settings), utc_now, told)

    def take_again(self, settings: Settings) -> None:
        """The same for settings that were read anew: what cannot be used leaves all as it was."""
        try:
            self.take(settings)
        except CertificateRefused as refused:
            _log.error("the TLS certificate is not taken, the one in use stays: %s", refused)

    def context(self) -> ssl.SSLContext:
        """For one handshake."""
        if self._in_use is None:
            raise NotServed
        return self._in_use.context()


class _Told:
    """Says which certificate is in use and until when."""

    def __init__(self, warn_days: int) -> None:
        self._warn_days = warn_days

    def __call__(self, certificate: Certificate) -> None:
        days = certificate.days_left(utc_now())
        level = logging.WARNING if days < self._warn_days else logging.INFO
        _log.log(
            level,
            "TLS certificate in use: %s from a %s, valid until %s (%.0f days left)",
            certificate.subject,
            certificate.source,
            f"{certificate.not_after:%Y-%m-%d %H:%M} UTC",
            days,
        )
        _EXPIRES.labels(certificate.subject).set(certificate.not_after.timestamp())
