"""How a certificate is named: by its SHA-256, in 64 hexadecimal digits of lower case."""

from __future__ import annotations

import re
from typing import Final

from countersign.aggregates.api_client_refusals import InvalidFingerprint

_DIGITS: Final = re.compile("[0-9a-f]{64}")


def fingerprint_in(text: str) -> str | None:
    """The SHA-256 that a text is, also with colons as OpenSSL writes it; None when it is none."""
    digits = text.replace(":", "").lower()
    return digits if _DIGITS.fullmatch(digits) else None


def agreed_fingerprint(text: str) -> str:
    """The same as it is kept.

    Raises:
        InvalidFingerprint: it is no SHA-256.
    """
    found = fingerprint_in(text)
    if found is None:
        fault = "64 hexadecimal digits: `openssl x509 -in client.pem -noout -fingerprint -sha256`"
        raise InvalidFingerprint("a certificate is named by its SHA-256", (("/sha256", fault),))
    return found
