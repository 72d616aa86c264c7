"""The public keys with which anybody can check an access token (RFC 7517, RFC 8037)."""

from __future__ import annotations

from typing import Literal

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from falcon import Request, Response

from countersign.commands.token_text import token_text
from countersign.http.answers import Answer
from countersign.http.endpoints import public
from countersign.http.options import Options
from countersign.http.services import Services
from countersign.http.signing_keys import SigningKey


class KeyAnswer(Answer):
    """One Ed25519 key; `kid` is its thumbprint (RFC 7638)."""

    kty: Literal["OKP"] = "OKP"
    crv: Literal["Ed25519"] = "Ed25519"
    alg: Literal["EdDSA"] = "EdDSA"
    use: Literal["sig"] = "sig"
    kid: str
    x: str


class KeySet(Answer):
    """Every key that is good for checking; one that has just come does not sign yet."""

    keys: list[KeyAnswer]


class Jwks:
    """`GET /.well-known/jwks.json`."""

    def __init__(self, services: Services, options: Options) -> None:
        self._keys = services.access_tokens.keys
        # Whoever keeps the answer for half the lead of a new key knows it before its first token.
        self._cache = f"public, max-age={options.signing_key_lead_s // 2}"

    @public("Signing in")
    def on_get(self, _req: Request, resp: Response) -> KeySet:
        """Publish the keys that sign access tokens."""
        resp.set_header("Cache-Control", self._cache)
        return KeySet(keys=[_described(key) for key in self._keys.published()])


def _described(key: SigningKey) -> KeyAnswer:
    raw = key.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return KeyAnswer(kid=key.id, x=token_text(raw))
