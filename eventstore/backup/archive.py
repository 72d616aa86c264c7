"""One part of a backup: a sealed tar of named contents, each compressed where that makes it smaller.

The contents are small enough to be held in memory one at a time, however large the whole is. Documents are
compressed already, so a sample decides: to try all of each would take most of the time of a backup.
"""

from __future__ import annotations

import io
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, Final, cast

from countersign.eventstore.backup.refusals import BackupDamaged
from countersign.eventstore.backup.sealing import SealedSource, SealingSink

_FAST: Final = 1
"""Of zlib's levels: the others take many times as long for a tenth less."""

_COMPRESSED: Final = ".z"
_SAMPLE_BYTES: Final = 16 << 10
_WORTH_IT: Final = 0.9
_BUFFER_BYTES: Final = 1 << 20


class ArchiveWriter:
    """Takes contents under names."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar

    def add(self, name: str, content: bytes) -> None:
        """Append one content."""
        if _gets_smaller(content):
            name, content = f"{name}{_COMPRESSED}", zlib.compress(content, _FAST)
        entry = tarfile.TarInfo(name)
        entry.size = len(content)
        self._tar.addfile(entry, io.BytesIO(content))
        _forget_entries(self._tar)


@contextmanager
def writing(sealing: SealingSink) -> Iterator[ArchiveWriter]:
    """An archive that is complete when this ends without an error."""
    sink = cast("BinaryIO", sealing)
    with tarfile.open(fileobj=sink, mode="w|", bufsize=_BUFFER_BYTES, format=tarfile.PAX_FORMAT) as tar:
        yield ArchiveWriter(tar)
    sealing.close()


def reading(sealed: SealedSource) -> Iterator[tuple[str, bytes]]:
    """The contents with their names, in their order; after the last one it is certain that all were there.

    Raises:
        BackupDamaged: something is missing or was changed.
    """
    source = cast("BinaryIO", sealed)
    try:
        with tarfile.open(fileobj=source, mode="r|", bufsize=_BUFFER_BYTES) as tar:
            while (entry := tar.next()) is not None:
                yield _content(tar, entry)
                _forget_entries(tar)
        sealed.finish()
    except (tarfile.TarError, zlib.error) as error:
        raise BackupDamaged(f"the archive cannot be unpacked: {error}") from error


def _content(tar: tarfile.TarFile, entry: tarfile.TarInfo) -> tuple[str, bytes]:
    file = tar.extractfile(entry)
    content = file.read() if file else b""
    if entry.name.endswith(_COMPRESSED):
        return entry.name.removesuffix(_COMPRESSED), zlib.decompress(content)
    return entry.name, content


def _gets_smaller(content: bytes) -> bool:
    middle = max(0, len(content) // 2 - _SAMPLE_BYTES // 2)
    sample = content[middle : middle + _SAMPLE_BYTES]
    return len(zlib.compress(sample, _FAST)) < _WORTH_IT * len(sample)


def _forget_entries(tar: tarfile.TarFile) -> None:
    # It would remember each for ever: of a million contents a gigabyte.
    vars(tar)["members"] = []
