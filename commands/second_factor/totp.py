"""Time-based codes (RFC 6238): made by an authenticator from a shared secret and the clock."""

from __future__ import annotations

import hmac
import re
from datetime import datetime
from typing import Final

from pyotp import TOTP, random_base32

_STEP_S: Final = 30
_CODE: Final = re.compile(r"[0-9]{6}")  # not \d, which takes the digits of every script
_AROUND: Final = (0, -1, 1)


def new_secret() -> str:
    """160 random bits in base32, as long as the hash (RFC 4226 section 4)."""
    return random_base32(32)


def is_totp(code: str) -> bool:
    """Whether a text has the form of a code."""
    return _CODE.fullmatch(code) is not None


def step_of(secret: str, code: str, at: datetime) -> int | None:
    """The time step that a code belongs to: the one of now, or one beside it, since clocks differ."""
    totp, now = TOTP(secret), int(at.timestamp()) // _STEP_S
    for step in (now + around for around in _AROUND):
        if hmac.compare_digest(totp.generate_otp(step), code):
            return step
    return None


def provisioning_uri(secret: str, issuer: str, name: str) -> str:
    """The address that an authenticator reads from a QR code."""
    return TOTP(secret, issuer=issuer, name=name).provisioning_uri()
