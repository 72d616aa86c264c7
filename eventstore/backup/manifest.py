"""What a backup says about itself: written last, so that a backup with a manifest is a whole one."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from countersign.eventstore.backup.refusals import BackupDamaged, BackupUnusable
from countersign.eventstore.backup.sealing import SealedSource, SealingSink
from countersign.eventstore.backup.target import Target

CONTENT: Final = "content"
KEYS: Final = "keys"
MANIFEST: Final = "manifest"
FORMAT: Final = 1
_NAME: Final = re.compile(r"\d{8}T\d{6,12}Z-[0-9a-f]{8}", re.ASCII)


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """It holds the log from behind `after` up to `position`, and all that those events lean on.

    With `after` above 0 it continues the backup that it `follows`. `log_digest` is that of its pages of
    events: what the living log gives again when its past is untouched. `rows` are those of working tables.
    """

    id: UUID
    name: str
    made_at: datetime
    position: int
    recorded_at: datetime | None
    log_digest: str
    events: int
    command_keys: int
    blobs: int
    blob_bytes: int
    rows: dict[str, int]
    subject_keys: int
    erasures: int
    size_bytes: int
    after: int = 0
    follows: str = ""
    format: int = FORMAT

    def digest(self) -> str:
        """What the log notes of it: the SHA-256 of all that it says."""
        return hashlib.sha256(msgspec.json.encode(self)).hexdigest()


def write_manifest(target: Target, key: bytes, manifest: Manifest) -> None:
    """Finish a backup."""
    with target.writing(f"{manifest.name}/{MANIFEST}") as sink:
        sealing = SealingSink(sink, key, manifest.name, MANIFEST)
        sealing.write(msgspec.json.encode(manifest))
        sealing.close()


def read_manifest(target: Target, key: bytes, name: str) -> Manifest:
    """What a backup says about itself.

    Raises:
        BackupUnknown, BackupForeign, BackupDamaged: see there.
        BackupUnusable: a later version of the program made it.
    """
    with target.reading(f"{name}/{MANIFEST}") as source:
        content = SealedSource(source, key, name, MANIFEST).read()
    try:
        found = msgspec.json.decode(content)
        if found["format"] > FORMAT:
            raise BackupUnusable(f"{name} was made by a later version of Countersign: restore it with that")
        return msgspec.convert(found, Manifest)
    except (msgspec.MsgspecError, KeyError, TypeError) as error:
        raise BackupDamaged(f"the manifest of {name} cannot be read: {error}") from error


def is_of_a_backup(file: str) -> bool:
    """Whether a file of a target is called as one of a backup; others may keep something there, too."""
    return _NAME.fullmatch(file.partition("/")[0]) is not None


def finished(target: Target) -> list[str]:
    """The names of the backups that have a manifest, the oldest first."""
    return sorted(_with_manifest(target))


def _with_manifest(target: Target) -> Iterator[str]:
    for kept in target.kept():
        name, _, part = kept.name.partition("/")
        if part == MANIFEST and is_of_a_backup(kept.name):
            yield name
