"""The certificate in use, which follows its files: a renewed one is taken without a restart."""

from __future__ import annotations

import logging
import ssl
from collections.abc import Callable
from datetime import datetime
from threading import Lock
from time import monotonic
from typing import Final

from countersign.config.tls.certificate import Certificate, CertificateRefused, check_time
from countersign.config.tls.certificate_files import CertificateFiles, State
from countersign.config.tls.server_context import server_context

LOOK_EVERY_S: Final = 1.0
_log = logging.getLogger(__name__)


class CertificateInUse:
    """What new handshakes get; connections that stand keep what they began with.

    A file that was changed to something unusable is told once, and what was in use stays so.
    """

    def __init__(
        self,
        files: CertificateFiles,
        clock: Callable[[], datetime],
        loaded: Callable[[Certificate], None],
        look_every_s: float = LOOK_EVERY_S,
    ) -> None:
        """Raises `CertificateRefused` if there is nothing usable to begin with."""
        self._files = files
        self._clock = clock
        self._loaded = loaded
        self._look_every_s = look_every_s
        self._looking = Lock()
        self._looked_at = monotonic()
        self._seen = _state(files)
        self._context = self._load()

    def context(self) -> ssl.SSLContext:
        """For one handshake."""
        # Whoever comes while another thread looks does not wait for it.
        if monotonic() - self._looked_at >= self._look_every_s and self._looking.acquire(blocking=False):
            try:
                self._look()
            finally:
                self._looking.release()
        return self._context

    def _look(self) -> None:
        self._looked_at = monotonic()
        state = _state(self._files)
        if state == self._seen:
            return
        self._seen = state
        try:
            self._context = self._load()
        except CertificateRefused as refused:
            _log.error("the new TLS certificate is not taken, the one in use stays: %s", refused)

    def _load(self) -> ssl.SSLContext:
        certificate = self._files.read()
        check_time(certificate, self._clock())
        context = server_context(certificate, self._files.client_authorities())
        self._loaded(certificate)
        return context


def _state(files: CertificateFiles) -> State:
    try:
        return files.state()
    except OSError:  # gone, perhaps for the moment of being exchanged: reading says so if it stays
        return ()
