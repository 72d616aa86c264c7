"""The keys that a Countersign installation cannot do without, as files that only its user may read."""

from __future__ import annotations

import base64
import errno
import os
import secrets
import shutil
import stat
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from countersign.config.master_key_file import KEY_BYTES, Change, master_keys, symmetric_key
from countersign.config.private_files import KeyFilesError, sync_folder, write_private
from countersign.config.signing_key_files import (
    FIRST,
    load_signing_keys,
    new_signing_key,
    signing_key_paths,
)

MASTER, LOOKUP = "master.key", "lookup.key"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRing:
    """The installation's keys.

    The master key wraps the keys of persons, the lookup key makes ids from personal values; while the master
    key is being exchanged there are two, the one before and the new one. The keys that sign access tokens lie
    beside them and change while the service runs: see `signing_key_files`.
    """

    master_keys: tuple[bytes, ...] = field(repr=False)
    lookup_key: bytes = field(repr=False)


def create_keys(folder: Path, wrap: Change | None = None) -> None:
    """Make new keys in `folder`: all files or, on any failure, none; `wrap` encrypts the master key.

    Raises `KeyFilesError` if something is there already, since a lost key is lost for good.
    """
    folder = folder.resolve()  # a folder may be a link to another disk
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        for name, content in _new_keys(wrap).items():
            write_private(draft / name, content)
        sync_folder(draft)
        _move(draft, folder)
        sync_folder(folder.parent)
    finally:
        shutil.rmtree(draft, ignore_errors=True)  # gone already where it was moved


def load_keys(
    folder: Path, *, refuse_readable_by_others: bool = True, unwrap: Change | None = None
) -> KeyRing:
    """The keys in `folder`; `unwrap` decrypts the master key.

    Raises:
        KeyFilesError: one is missing, damaged or open to others.
    """
    check_keys(folder, refuse_readable_by_others=refuse_readable_by_others)
    return KeyRing(
        master_keys=master_keys(folder / MASTER, unwrap), lookup_key=symmetric_key(folder / LOOKUP)
    )


def check_keys(folder: Path, *, refuse_readable_by_others: bool) -> None:
    """Look at the keys without the master key, which only Vault may be able to decrypt.

    Raises:
        KeyFilesError: one is missing, damaged or open to others.
    """
    _check_presence(folder)
    if refuse_readable_by_others:
        _check_modes(folder)
    load_signing_keys(folder)  # a damaged one is told at the start, not at the first log-in
    symmetric_key(folder / LOOKUP)


def _new_keys(wrap: Change | None) -> dict[str, bytes]:
    master = secrets.token_bytes(KEY_BYTES)
    return {
        MASTER: (wrap(master) if wrap else base64.b64encode(master)) + b"\n",
        LOOKUP: base64.b64encode(secrets.token_bytes(KEY_BYTES)) + b"\n",
        FIRST: new_signing_key(),
    }


def _move(draft: Path, folder: Path) -> None:
    try:
        draft.rename(folder)  # replaces an empty folder, never one that holds anything
    except OSError as error:
        if error.errno in {errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR}:
            raise KeyFilesError(
                f"{folder} exists and is not an empty folder; keys are never overwritten"
            ) from error
        raise KeyFilesError(f"no keys can be put into {folder}: {error.strerror}") from error


def _check_presence(folder: Path) -> None:
    missing = [name for name in (MASTER, LOOKUP) if not (folder / name).is_file()]
    missing += [] if signing_key_paths(folder) else [FIRST]
    if len(missing) == 3:
        raise KeyFilesError(
            f"there are no keys in {folder}; make them with `countersign init` for a new service, "
            "put back its own for one that has data or backups"
        )
    if missing:
        raise KeyFilesError(f"{folder} lacks {', '.join(missing)}; restore it from the backup of the keys")


def _check_modes(folder: Path) -> None:
    for path in (*folder.glob(f"{MASTER}*"), folder / LOOKUP, *signing_key_paths(folder)):
        found = path.stat()
        mode = stat.S_IMODE(found.st_mode)
        # What belongs to another user can only be read by group: so Kubernetes mounts a secret for a pod.
        refused, fit = (0o077, 600) if found.st_uid == os.geteuid() else (0o037, 440)
        if mode & refused:
            raise KeyFilesError(f"{path} is open to others (mode {mode:04o}); run `chmod {fit} {path}`")
