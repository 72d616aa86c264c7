"""Secrets that sign deliveries, in the form of the Standard Webhooks specification."""

from __future__ import annotations

from base64 import b64encode
from secrets import token_bytes
from typing import Final

BEGINNING: Final = "whsec_"
_BYTES: Final = 32


def new_secret() -> str:
    """A secret that nobody can guess."""
    return BEGINNING + b64encode(token_bytes(_BYTES)).decode()
