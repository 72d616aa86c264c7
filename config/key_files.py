"""The keys that a Countersign installation cannot do without, as files that only its user may read."""

from __future__ import annotations

import base64
import errno
import hashlib
import json
import os
import secrets
import shutil
import stat
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

MASTER, LOOKUP, SIGNING = "master.key", "lookup.key", "token-signing.pem"
_KEY_BYTES = 32


class KeyFilesError(Exception):
    """The key files cannot be used or made; the message says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRing:
    """The installation's keys.

    The master key wraps the keys of persons, the lookup key makes ids from personal values, the signing key
    (Ed25519, PKCS 8 PEM) signs access tokens under its id.
    """

    master_key: bytes = field(repr=False)
    lookup_key: bytes = field(repr=False)
    signing_key: bytes = field(repr=False)
    signing_key_id: str


def create_keys(folder: Path) -> None:
    """Make new keys in `folder`: all files or, on any failure, none.

    Raises `KeyFilesError` if something is there already, since a lost key is lost for good.
    """
    folder = folder.resolve()  # a folder may be a link to another disk
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        for name, content in _new_keys().items():
            _write(draft / name, content)
        _sync_folder(draft)
        _move(draft, folder)
        _sync_folder(folder.parent)
    finally:
        shutil.rmtree(draft, ignore_errors=True)  # gone already where it was moved


def load_keys(folder: Path, *, refuse_readable_by_others: bool = True) -> KeyRing:
    """The keys in `folder`. Raises `KeyFilesError` if one is missing, damaged or open to others."""
    _check_presence(folder)
    if refuse_readable_by_others:
        _check_modes(folder)
    signing = (folder / SIGNING).read_bytes()
    return KeyRing(
        master_key=_symmetric(folder / MASTER),
        lookup_key=_symmetric(folder / LOOKUP),
        signing_key=signing,
        signing_key_id=_thumbprint(_private_key(folder / SIGNING, signing)),
    )


def _new_keys() -> dict[str, bytes]:
    signing = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return {MASTER: _new_symmetric(), LOOKUP: _new_symmetric(), SIGNING: signing}


def _new_symmetric() -> bytes:
    return base64.b64encode(secrets.token_bytes(_KEY_BYTES)) + b"\n"


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(descriptor)


def _move(draft: Path, folder: Path) -> None:
    try:
        draft.rename(folder)  # replaces an empty folder, never one that holds anything
    except OSError as error:
        if error.errno in {errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR}:
            raise KeyFilesError(
                f"{folder} exists and is not an empty folder; keys are never overwritten"
            ) from error
        raise KeyFilesError(f"no keys can be put into {folder}: {error.strerror}") from error


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _check_presence(folder: Path) -> None:
    missing = [name for name in (MASTER, LOOKUP, SIGNING) if not (folder / name).is_file()]
    if len(missing) == 3:
        raise KeyFilesError(f"there are no keys in {folder}; make them with `countersign init`")
    if missing:
        raise KeyFilesError(f"{folder} lacks {', '.join(missing)}; restore it from the backup of the keys")


def _check_modes(folder: Path) -> None:
    for name in (MASTER, LOOKUP, SIGNING):
        mode = stat.S_IMODE((folder / name).stat().st_mode)
        if mode & 0o077:
            raise KeyFilesError(
                f"{folder / name} is open to others (mode {mode:04o}); run `chmod 600 {folder / name}`"
            )


def _symmetric(path: Path) -> bytes:
    try:
        key = base64.b64decode(path.read_bytes().strip(), validate=True)
    except ValueError as error:
        raise KeyFilesError(f"{path} is damaged: it is not base64") from error
    if len(key) != _KEY_BYTES:
        raise KeyFilesError(f"{path} is damaged: it holds {len(key)} bytes, not {_KEY_BYTES}")
    return key


def _private_key(path: Path, pem: bytes) -> Ed25519PrivateKey:
    try:
        key = load_pem_private_key(pem, password=None)
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
