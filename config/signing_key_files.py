"""The keys that sign access tokens: files that come, sign for a time, and are retired.

`token-signing.pem` is the first; a later one has in its name the moment from which it signs, so that it can
be published before. The newest whose moment has come signs, the others are good for checking until retired.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from countersign.config.private_files import KeyFilesError, sync_folder, write_private

FIRST: Final = "token-signing.pem"
_LATER: Final = re.compile(r"token-signing-(\d{8}T\d{6}Z)\.pem")
_MOMENT: Final = "%Y%m%dT%H%M%SZ"
_EVER: Final = datetime(1970, 1, 1, tzinfo=UTC)
_CLOCKS_APART: Final = timedelta(seconds=30)  # what two machines' clocks and their re-reading may differ


@dataclass(frozen=True, slots=True)
class SigningKeyFile:
    """An Ed25519 key (PKCS 8 PEM), its id (the JWK thumbprint) and the moment from which it signs."""

    path: Path
    id: str
    key: Ed25519PrivateKey = field(repr=False)
    signs_from: datetime


def signing_key_paths(folder: Path) -> Sequence[Path]:
    """The files in which the signing keys lie."""
    return sorted(path for path in folder.glob("token-signing*.pem") if _moment_of(path) is not None)


def load_signing_keys(folder: Path) -> Sequence[SigningKeyFile]:
    """The signing keys in `folder`, the newest first.

    Raises:
        KeyFilesError: one is damaged.
    """
    keys = [_load(path) for path in signing_key_paths(folder)]
    return sorted(keys, key=lambda key: key.signs_from, reverse=True)


def signer(keys: Sequence[SigningKeyFile], now: datetime) -> SigningKeyFile:
    """The key that signs at that moment, of keys with the newest first."""
    return next((key for key in keys if key.signs_from <= now), keys[-1])


def add_signing_key(folder: Path, signs_from: datetime) -> SigningKeyFile:
    """Make a key that signs from that moment on, and is published until then.

    Raises:
        KeyFilesError: there is one for that moment already, or the file cannot be made.
    """
    path = folder / f"token-signing-{signs_from.astimezone(UTC).strftime(_MOMENT)}.pem"
    draft = folder / f".{path.name}"
    try:
        write_private(draft, new_signing_key())
        os.link(draft, path)  # whole at once, and never over another key
        sync_folder(folder)
    except FileExistsError as error:
        raise KeyFilesError(f"{path} is there already: wait a second and try again") from error
    except OSError as error:
        raise KeyFilesError(f"{path} cannot be made: {error.strerror}") from error
    finally:
        draft.unlink(missing_ok=True)
    return _load(path)


def retire_signing_key(
    folder: Path, key_id: str, now: datetime, token_lifetime: timedelta, *, at_once: bool = False
) -> SigningKeyFile:
    """Destroy a key that is not needed any more: tokens that it signed are refused from then on.

    Raises:
        KeyFilesError: it signs now, or tokens that it signed are still good and it is not `at_once`.
    """
    keys = load_signing_keys(folder)
    retired = next((key for key in keys if key.id == key_id), None)
    if retired is None:
        raise KeyFilesError(f"there is no signing key {key_id} in {folder}; see `countersign keys list`")
    if retired is signer(keys, now):
        raise KeyFilesError(f"{key_id} signs now: run `countersign keys rotate` and retire it afterwards")
    needed_until = _followed_at(retired, keys) + token_lifetime + _CLOCKS_APART
    if retired.signs_from <= now < needed_until and not at_once:
        raise KeyFilesError(
            f"tokens that {key_id} signed are good until {needed_until:%Y-%m-%d %H:%M:%S} UTC; "
            "a key that was stolen is retired with --now"
        )
    retired.path.unlink()
    sync_folder(folder)
    return retired


def new_signing_key() -> bytes:
    """A new key as PKCS 8 PEM, with an id that no command line takes for an option."""
    key = Ed25519PrivateKey.generate()
    while _thumbprint(key).startswith("-"):
        key = Ed25519PrivateKey.generate()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _followed_at(key: SigningKeyFile, keys: Sequence[SigningKeyFile]) -> datetime:
    return min((later.signs_from for later in keys if later.signs_from > key.signs_from), default=_EVER)


def _load(path: Path) -> SigningKeyFile:
    moment = _moment_of(path)
    key = _private_key(path)
    return SigningKeyFile(path, _thumbprint(key), key, _EVER if moment is None else moment)


def _moment_of(path: Path) -> datetime | None:
    if path.name == FIRST:
        return _EVER
    named = _LATER.fullmatch(path.name)
    return None if named is None else datetime.strptime(named[1], _MOMENT).replace(tzinfo=UTC)


def _private_key(path: Path) -> Ed25519PrivateKey:
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except OSError as error:
        raise KeyFilesError(f"{path} cannot be read: {error.strerror}") from error
    except (ValueError, TypeError) as error:
        raise KeyFilesError(f"{path} is damaged: it is not an unencrypted PEM key") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyFilesError(f"{path} holds another kind of key than Ed25519")
    return key


def _thumbprint(key: Ed25519PrivateKey) -> str:
    # RFC 7638 section 3, with the members that RFC 8037 section 2 requires of such a key.
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    members = {"crv": "Ed25519", "kty": "OKP", "x": _url_safe(public)}
    return _url_safe(hashlib.sha256(json.dumps(members, separators=(",", ":")).encode()).digest())


def _url_safe(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
