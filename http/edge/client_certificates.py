"""Which TLS certificate a caller has shown: to this server, or to a trusted proxy that says so."""

from __future__ import annotations

import ssl
from hashlib import sha256
from typing import Final
from urllib.parse import unquote

from falcon import Request

from countersign.aggregates.certificate_fingerprint import fingerprint_in
from countersign.http.edge.peer import Peer

_ESCAPED: Final = "-----BEGIN%20CERTIFICATE-----"
_SOCKET: Final = "gunicorn.socket"


class ClientCertificates:
    """Both have verified it: the server's handshake, or that of the proxy.

    What a proxy of a trusted network forwards came with the proxy's own connection, so there only the
    `header` counts; from anybody else it means nothing.
    """

    def __init__(self, header: str) -> None:
        self._header = header

    def of(self, req: Request) -> str:
        """The SHA-256 of the caller's; empty for none."""
        peer: Peer = req.context.peer
        if peer.from_trusted:
            return _told((self._header and req.get_header(self._header)) or "")
        return _shown(req.env.get(_SOCKET))


def _told(text: str) -> str:
    """Of a SHA-256 (HAProxy can make it), or of the certificate as nginx writes it into a header."""
    if not text.startswith(_ESCAPED):
        return fingerprint_in(text) or ""
    try:
        return sha256(ssl.PEM_cert_to_DER_cert(unquote(text))).hexdigest()
    except ValueError:
        return ""


def _shown(connection: object) -> str:
    shown = connection.getpeercert(binary_form=True) if isinstance(connection, ssl.SSLSocket) else None
    return "" if shown is None else sha256(shown).hexdigest()
