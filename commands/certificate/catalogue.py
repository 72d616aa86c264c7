"""Every command about the certificate that the API shows, and the handler that decides it."""

from __future__ import annotations

from collections.abc import Mapping

from countersign.commands.certificate.note_certificate import NoteCertificate, note_certificate
from countersign.commands.handler import Handler


def handlers() -> Mapping[type, Handler]:
    """The handlers by the class of their message."""
    return {
        NoteCertificate: note_certificate,
    }
