"""A TLS handshake in memory, without a socket."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from pathlib import Path

from tests.authority import Signed


@dataclass(frozen=True)
class Agreed:
    """What the two sides came to; `shown` is the client's own certificate."""

    version: str
    cipher: str
    certificate: bytes
    shown: bytes | None

    def is_for(self, signed: Signed) -> bool:
        return ssl.PEM_cert_to_DER_cert(signed.pem.decode()) == self.certificate


def client_trusting(root: Path, newest: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3) -> ssl.SSLContext:
    """One that knows the root only, so that it needs the whole chain."""
    context = ssl.create_default_context(cafile=str(root))
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.maximum_version = newest
    return context


def handshake(server: ssl.SSLContext, client: ssl.SSLContext, name: str = "localhost") -> Agreed:
    """Let both sides talk until they agree; raises `ssl.SSLError` if they do not."""
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    served = server.wrap_bio(to_server, to_client, server_side=True)
    asking = client.wrap_bio(to_client, to_server, server_hostname=name)
    waiting = [asking, served]
    while waiting:
        side = waiting.pop(0)
        try:
            side.do_handshake()
        except ssl.SSLWantReadError:
            waiting.append(side)
    cipher, certificate = asking.cipher(), asking.getpeercert(binary_form=True)
    assert cipher is not None
    assert certificate is not None
    return Agreed(str(asking.version()), cipher[0], certificate, served.getpeercert(binary_form=True))
