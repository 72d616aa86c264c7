"""Bytes as they stand in tokens, cookies and codes: base64url without padding (RFC 4648 section 5)."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode


def token_text(raw: bytes) -> str:
    """How bytes are written."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def token_bytes(text: str, size_bytes: int) -> bytes | None:
    """So many bytes read again; None for any spelling but the one that `token_text` gives."""
    if len(text) != (size_bytes * 4 + 2) // 3 or not text.isascii():
        return None
    try:
        raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return None
    return raw if token_text(raw) == text else None
