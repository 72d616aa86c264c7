"""One part of a backup: a tar of named contents, compressed and sealed, written and read as a stream.

The contents are small enough to be held in memory one at a time, however large the whole is.
"""

from __future__ import annotations

import gzip
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


class ArchiveWriter:
    """Takes contents under names."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar

    def add(self, name: str, content: bytes) -> None:
        """Append one content."""
        entry = tarfile.TarInfo(name)
        entry.size = len(content)
        self._tar.addfile(entry, io.BytesIO(content))
        _forget_entries(self._tar)


@contextmanager
def writing(sealing: SealingSink) -> Iterator[ArchiveWriter]:
    """An archive that is complete when this ends without an error."""
    with (
        gzip.GzipFile(fileobj=sealing, mode="wb", compresslevel=_FAST, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as tar,
    ):
        yield ArchiveWriter(tar)
    sealing.close()


def reading(sealed: SealedSource) -> Iterator[tuple[str, bytes]]:
    """The contents with their names, in their order; after the last one it is certain that all were there.

    Raises:
        BackupDamaged: something is missing or was changed.
    """
    try:
        with (
            gzip.GzipFile(fileobj=cast("BinaryIO", sealed)) as packed,
            tarfile.open(fileobj=packed, mode="r|") as tar,
        ):
            while (entry := tar.next()) is not None:
                content = tar.extractfile(entry)
                yield entry.name, content.read() if content else b""
                _forget_entries(tar)
        sealed.finish()
    except (tarfile.TarError, gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise BackupDamaged(f"the archive cannot be unpacked: {error}") from error


def _forget_entries(tar: tarfile.TarFile) -> None:
    # It would remember each for ever: of a million contents a gigabyte.
    vars(tar)["members"] = []
