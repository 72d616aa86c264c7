"""Settings of the API's own TLS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from countersign.config.bounds import Between
from countersign.config.secret import Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Tls:
    """The certificate that the API answers with; without one it speaks plain HTTP.

    `certificate` is PEM (the server's own, then those between it and the root) or PFX; without `key` it holds
    the private key as well. `password` opens the key or the PFX. With `client_certificates: optional` a
    client may show a certificate of its own, which the authorities in `client_ca_file` must vouch for.
    """

    certificate: str
    key: str
    password: Secret
    client_certificates: Literal["off", "optional"]
    client_ca_file: str
    warn_days: Annotated[int, Between(1, 365)]
