"""A certificate with its chain and its private key, as the files of a web server hold them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Literal

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ExtensionOID, NameOID


class CertificateRefused(Exception):
    """The certificate cannot be used; the message says why, and what to put in its place."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """The server's own certificate first, then those between it and the root; and its key."""

    chain: tuple[x509.Certificate, ...]
    key: PrivateKeyTypes = field(repr=False)
    source: Literal["pem", "pfx"]

    @property
    def subject(self) -> str:
        """Whom it names."""
        return name_of(self.chain[0])

    @property
    def der(self) -> bytes:
        """The server's own, as it goes over the wire."""
        return self.chain[0].public_bytes(Encoding.DER)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of it."""
        return sha256(self.der).hexdigest()

    @property
    def not_after(self) -> datetime:
        """When the first of the chain expires."""
        return min(each.not_valid_after_utc for each in self.chain)

    def days_left(self, now: datetime) -> float:
        """Until it expires; negative afterwards."""
        return (self.not_after - now) / timedelta(days=1)

    def covers(self, host: str) -> bool:
        """Whether a client that asks for this host takes it (RFC 6125 section 6.4.3)."""
        return any(re.fullmatch(_pattern(name), host, re.IGNORECASE) for name in self._names())

    def _names(self) -> Iterator[str]:
        try:
            found = self.chain[0].extensions.get_extension_for_oid(ExtensionOID.SUBJECT_ALTERNATIVE_NAME)
        except x509.ExtensionNotFound:
            return
        if isinstance(found.value, x509.SubjectAlternativeName):
            yield from found.value.get_values_for_type(x509.DNSName)
            yield from map(str, found.value.get_values_for_type(x509.IPAddress))


def name_of(certificate: x509.Certificate) -> str:
    """What people call it: its common name, or all of its subject."""
    common = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(common[0].value) if common else certificate.subject.rfc4514_string() or "a certificate"


def check_form(certificate: Certificate) -> None:
    """Raises `CertificateRefused` unless the key belongs to the first, and each was signed by the next."""
    _check_key(certificate)
    for place, (each, issuer) in enumerate(zip(certificate.chain, certificate.chain[1:], strict=False), 1):
        if not is_issued_by(each, issuer):
            raise CertificateRefused(
                f"the chain is out of order: certificate {place + 1} ({name_of(issuer)}) did not sign "
                f"certificate {place} ({name_of(each)}); put the server's own first, then the one that "
                "signed it, and so on"
            )


def check_time(certificate: Certificate, now: datetime) -> None:
    """Raises `CertificateRefused` unless every certificate of the chain is valid now."""
    for each in certificate.chain:
        if now < each.not_valid_before_utc:
            raise CertificateRefused(
                f"{name_of(each)} is not valid before {each.not_valid_before_utc:%Y-%m-%d %H:%M} UTC, and "
                f"this machine's clock says {now:%Y-%m-%d %H:%M}; is the clock right?"
            )
        if now >= each.not_valid_after_utc:
            raise CertificateRefused(
                f"{name_of(each)} expired on {each.not_valid_after_utc:%Y-%m-%d %H:%M} UTC; renew it "
                f"(this machine's clock says {now:%Y-%m-%d %H:%M})"
            )


def is_issued_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Whether `issuer` signed it."""
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def belongs(key: PrivateKeyTypes, certificate: x509.Certificate) -> bool:
    """Whether the key is that of the certificate."""
    form = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return key.public_key().public_bytes(*form) == certificate.public_key().public_bytes(*form)


def _check_key(certificate: Certificate) -> None:
    if belongs(certificate.key, certificate.chain[0]):
        return
    for place, each in enumerate(certificate.chain[1:], 2):
        if belongs(certificate.key, each):
            raise CertificateRefused(
                f"the chain is out of order: the key belongs to certificate {place} ({name_of(each)}); "
                "put the server's own certificate first"
            )
    raise CertificateRefused(f"the key does not belong to the certificate of {certificate.subject}")


def _pattern(name: str) -> str:
    return re.escape(name).replace(r"\*", r"[^.]+", 1) if name.startswith("*.") else re.escape(name)
