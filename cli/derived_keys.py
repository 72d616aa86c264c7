"""The keys that are derived from the lookup key, one for each purpose (RFC 5869)."""

from __future__ import annotations

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from countersign.config.key_files import KeyRing


def refresh_key(keys: KeyRing) -> bytes:
    """The key that signs refresh tokens, derived from the lookup key (RFC 5869)."""
    return _derived(keys, b"countersign refresh tokens")


def browser_key(keys: KeyRing) -> bytes:
    """The key that makes the cookies of browsers and seals what is cached of sessions, derived likewise."""
    return _derived(keys, b"countersign browser sessions")


def api_key_secret(keys: KeyRing) -> bytes:
    """The key that makes and knows the keys of API clients, derived from the lookup key (RFC 5869)."""
    return _derived(keys, b"countersign api keys")


def second_factor_key(keys: KeyRing) -> bytes:
    """The key that makes backup codes, derived from the lookup key (RFC 5869)."""
    return _derived(keys, b"countersign backup codes")


def one_time_key(keys: KeyRing) -> bytes:
    """The key that makes the codes in mails, derived from the lookup key (RFC 5869)."""
    return _derived(keys, b"countersign one-time codes")


def backup_key(keys: KeyRing) -> bytes:
    """The key under which backups are sealed, derived from the lookup key (RFC 5869)."""
    return _derived(keys, b"countersign backups")


def _derived(keys: KeyRing, info: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(keys.lookup_key)
