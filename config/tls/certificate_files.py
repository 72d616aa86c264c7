"""Reading a certificate from a PEM pair or a password-protected PFX."""

from __future__ import annotations

import re
import stat
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key, pkcs12

from countersign.config.tls.certificate import Certificate, CertificateRefused, check_form, is_issued_by

State = tuple[tuple[int, int, int], ...]
_PEM: Final = b"-----BEGIN "
_KEY: Final = re.compile(rb"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----.*?-----END [A-Z ]+-----", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateFiles:
    """Where they lie.

    `certificate` is a PFX, or PEM: the server's own certificate and those between it and the root. Without
    `key` it holds the private key as well. `password` opens the PFX or the key. `clients` holds (PEM) the
    authorities of the certificates that clients may show; without it nobody is asked for one.
    """

    certificate: Path
    key: Path | None = None
    password: str = field(default="", repr=False)
    clients: Path | None = None

    @property
    def all(self) -> tuple[Path, ...]:
        """Every file that is read."""
        return tuple(path for path in (self.certificate, self.key, self.clients) if path is not None)

    def read(self) -> Certificate:
        """The certificate in them, whether its time has come or not.

        Raises:
            CertificateRefused: they cannot be read, or do not belong together.
        """
        content = _content(self.certificate)
        found = self._pem(content) if _PEM in content else self._pfx(content)
        check_form(found)
        return found

    def client_authorities(self) -> str | None:
        """Who vouches for the clients' certificates, as PEM; None where nobody is asked for one.

        Raises:
            CertificateRefused: there is none to be read.
        """
        if self.clients is None:
            return None
        try:
            found = x509.load_pem_x509_certificates(_content(self.clients))
        except ValueError as damaged:
            raise CertificateRefused(f"{self.clients} holds no PEM certificate: {damaged}") from damaged
        return "".join(each.public_bytes(Encoding.PEM).decode() for each in found)

    def state(self) -> State:
        """Something that changes whenever one of the files does."""
        return tuple((found.st_mtime_ns, found.st_size, found.st_ino) for found in map(Path.stat, self.all))

    def open_to_others(self) -> Path | None:
        """A file with a private key that every user of this machine may read."""
        secret = self.key or self.certificate
        return secret if stat.S_IMODE(secret.stat().st_mode) & 0o007 and not self.password else None

    def _pem(self, content: bytes) -> Certificate:
        try:
            chain = x509.load_pem_x509_certificates(content)
        except ValueError as damaged:
            raise CertificateRefused(f"{self.certificate} holds no PEM certificate: {damaged}") from damaged
        secret = self.key or self.certificate
        return Certificate(tuple(chain), _pem_key(secret, _content(secret), self.password), "pem")

    def _pfx(self, content: bytes) -> Certificate:
        if self.key is not None:
            raise CertificateRefused(f"{self.certificate} is no PEM file; with a PFX leave tls.key empty")
        try:
            found = pkcs12.load_pkcs12(content, self.password.encode() or None)
        except ValueError as wrong:
            raise CertificateRefused(
                f"{self.certificate} does not open: neither PEM nor a PFX of the password in tls.password"
            ) from wrong
        if found.key is None or found.cert is None:
            raise CertificateRefused(f"{self.certificate} lacks a private key with its certificate")
        others = [each.certificate for each in found.additional_certs]
        return Certificate(_in_order(found.cert.certificate, others), found.key, "pfx")


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as trouble:
        raise CertificateRefused(f"{path} cannot be read: {trouble.strerror}") from trouble


def _pem_key(path: Path, content: bytes, password: str) -> PrivateKeyTypes:
    block = _KEY.search(content)
    if block is None:
        raise CertificateRefused(f"there is no private key in {path}; name its file in tls.key")
    try:
        return load_pem_private_key(block[0], password.encode() or None)
    except TypeError as wrong:
        told = "has no password, but tls.password does" if password else "needs the password in tls.password"
        raise CertificateRefused(f"the key in {path} {told}") from wrong
    except ValueError as wrong:
        why = "the password in tls.password is wrong, or the key is damaged" if password else "it is damaged"
        raise CertificateRefused(f"the key in {path} does not open: {why}") from wrong


def _in_order(first: x509.Certificate, others: Iterable[x509.Certificate]) -> tuple[x509.Certificate, ...]:
    # A PFX is a bag: its order means nothing, and it may hold certificates that are not of this chain.
    chain, left = [first], list(others)
    while signer := next((each for each in left if is_issued_by(chain[-1], each)), None):
        chain.append(signer)
        left.remove(signer)
    return tuple(chain)
