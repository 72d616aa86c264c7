"""An authority of the tests' own, with one between it and the servers, as real ones have."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import NameOID

LOCAL = ("localhost", "127.0.0.1")


@dataclass(frozen=True)
class Signed:
    """A certificate and its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    def key_pem(self, password: str = "") -> bytes:
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, _protection(password))


class Authority:
    """A root, and an intermediate one that signs the servers' certificates."""

    def __init__(self) -> None:
        self.root = _signed("Test Root", None, ca=True)
        self.intermediate = _signed("Test Intermediate", self.root, ca=True)

    def certificate(
        self,
        *names: str,
        begins: timedelta = timedelta(hours=-1),
        ends: timedelta = timedelta(days=60),
    ) -> Signed:
        """For a server of these names, valid from and to so long from now."""
        known_as = names or LOCAL
        return _signed(known_as[0], self.intermediate, known_as, begins, ends)

    def chain(self, signed: Signed) -> bytes:
        """What a server sends: all but the root."""
        return signed.pem + self.intermediate.pem

    def pfx(self, signed: Signed, password: str) -> bytes:
        """The same as a PFX, in no order."""
        others = [self.root.certificate, self.intermediate.certificate]
        return pkcs12.serialize_key_and_certificates(
            b"server", signed.key, signed.certificate, others, _protection(password)
        )

    def write(self, path: Path, signed: Signed) -> Path:
        """Chain and key in one file, exchanged in one step."""
        draft = path.with_suffix(".draft")
        draft.touch(mode=0o600)
        draft.write_bytes(self.chain(signed) + signed.key_pem())
        return draft.rename(path)

    def write_root(self, path: Path) -> Path:
        """What clients trust."""
        path.write_bytes(self.root.pem)
        return path


def _signed(
    name: str,
    signer: Signed | None,
    names: tuple[str, ...] = (),
    begins: timedelta = timedelta(days=-1),
    ends: timedelta = timedelta(days=365),
    *,
    ca: bool = False,
) -> Signed:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    signing_key, issuer = (key, subject) if signer is None else (signer.key, signer.certificate.subject)
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + begins)
        .not_valid_after(now + ends)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signing_key.public_key()), critical=False
        )
    )
    if ca:
        builder = builder.add_extension(_FOR_SIGNING, critical=True)
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName(list(map(_name, names))), critical=False)
    return Signed(builder.sign(signing_key, hashes.SHA256()), key)


_FOR_SIGNING = x509.KeyUsage(
    digital_signature=True,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=True,
    crl_sign=True,
    encipher_only=False,
    decipher_only=False,
)


def _name(text: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(text))
    except ValueError:
        return x509.DNSName(text)


def _protection(password: str) -> KeySerializationEncryption:
    return BestAvailableEncryption(password.encode()) if password else NoEncryption()
