"""One spelling for one value, so that equal contents have equal digests everywhere, and in ten years."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any


def canonical_json(value: Any) -> bytes:
    """The value as UTF-8 JSON with sorted keys and without spaces; NaN and lone surrogates are refused."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode()


def digest_of(value: Any) -> str:
    """The SHA-256 of the canonical form, in lower-case hex."""
    return sha256(canonical_json(value)).hexdigest()
