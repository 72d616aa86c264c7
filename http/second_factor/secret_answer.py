"""A new secret, as an authenticator can take it up."""

from __future__ import annotations

from io import BytesIO
from typing import Final

import segno

from countersign.commands.second_factor.totp import provisioning_uri
from countersign.http.answers import Answer

_SCALE: Final = 4


class SecretAnswer(Answer):
    """Shown once: the secret to type, the same as an address, and as a QR code to scan."""

    secret: str
    otpauth_uri: str
    qr_svg: str


def secret_answer(secret: str, issuer: str, name: str) -> SecretAnswer:
    """The secret in all its forms."""
    uri = provisioning_uri(secret, issuer, name)
    drawn = BytesIO()
    segno.make(uri, error="m", micro=False).save(drawn, kind="svg", scale=_SCALE, xmldecl=False)
    return SecretAnswer(secret=secret, otpauth_uri=uri, qr_svg=drawn.getvalue().decode())
