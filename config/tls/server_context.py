"""The server's side of TLS, made without the private key ever lying readable on a disk."""

from __future__ import annotations

import os
import secrets
import ssl
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat

from countersign.config.tls.certificate import Certificate, CertificateRefused

CIPHERS: Final = "ECDHE+AESGCM:ECDHE+CHACHA20"
"""Of TLS 1.2: forward secrecy and authenticated encryption only. TLS 1.3 has no others."""


def server_context(certificate: Certificate, client_authorities: str | None = None) -> ssl.SSLContext:
    """What new handshakes are done with: TLS 1.2 or newer, the full chain.

    With `client_authorities` (PEM) a client is asked for a certificate; it may show none, but no wrong one.

    Raises:
        CertificateRefused: OpenSSL does not take it, such as a key that is too short.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(CIPHERS)
    context.options |= ssl.OP_NO_COMPRESSION | ssl.OP_NO_RENEGOTIATION | ssl.OP_CIPHER_SERVER_PREFERENCE
    context.set_alpn_protocols(["http/1.1"])
    # OpenSSL takes a key from a file only; there it lies under a password that lives for this one call.
    password = secrets.token_urlsafe(32)
    with fleeting_file(_pem(certificate, password)) as path:
        try:
            context.load_cert_chain(path, password=password)
        except ssl.SSLError as refused:
            raise CertificateRefused(f"OpenSSL does not take {certificate.subject}: {refused}") from refused
    if client_authorities is not None:
        _ask_clients(context, client_authorities)
    return context


def _ask_clients(context: ssl.SSLContext, authorities: str) -> None:
    context.verify_mode = ssl.CERT_OPTIONAL
    context.load_verify_locations(cadata=authorities)
    # A resumed session would bring a certificate along that may have expired since.
    context.options |= ssl.OP_NO_TICKET
    context.num_tickets = 0


@contextmanager
def fleeting_file(content: bytes) -> Iterator[str]:
    """The path of a file that exists in memory only or, not on Linux, for a moment and this user alone."""
    if sys.platform == "linux" and Path("/proc/self/fd").exists():
        with os.fdopen(os.memfd_create("certificate", os.MFD_CLOEXEC), "wb") as file:
            file.write(content)
            file.flush()
            yield f"/proc/self/fd/{file.fileno()}"
    else:
        with tempfile.NamedTemporaryFile(prefix="countersign-tls-") as file:  # made with mode 0600
            file.write(content)
            file.flush()
            yield file.name


def _pem(certificate: Certificate, password: str) -> bytes:
    protection = BestAvailableEncryption(password.encode())
    key = certificate.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, protection)
    return key + b"".join(each.public_bytes(Encoding.PEM) for each in certificate.chain)
