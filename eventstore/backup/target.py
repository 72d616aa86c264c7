"""Where backups are kept: files by name, each there wholly or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final, Protocol

from countersign.eventstore.backup.refusals import BackupUnknown, TargetUnavailable
from countersign.eventstore.backup.sealing import Sink, Source

_UNFINISHED: Final = ".unfinished-"


@dataclass(frozen=True, slots=True)
class Kept:
    """A file of a target; `unfinished` when whoever wrote it is at it still, or was killed."""

    name: str
    size_bytes: int
    at: datetime
    unfinished: bool = False


class Target(Protocol):
    """A folder, or a bucket of an object store. Names are `backup/part`.

    Every method raises `TargetUnavailable` when the target cannot be had.
    """

    place: str
    """What it is called, without secrets."""

    def writing(self, name: str) -> AbstractContextManager[Sink]:
        """A new file: there, durably, when this ends, and not there when it ends with an error."""

    def reading(self, name: str) -> AbstractContextManager[Source]:
        """A file from its beginning.

        Raises:
            BackupUnknown: there is none of that name.
        """

    def kept(self) -> Iterator[Kept]:
        """All files."""

    def remove(self, name: str) -> None:
        """Forget a file, finished or not; one that is not there is forgotten already."""


class FolderTarget:
    """A folder, best one on another machine's disk."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.place = f"{folder}"

    @contextmanager
    def writing(self, name: str) -> Iterator[Sink]:
        """See `Target.writing`."""
        path = self._folder / name
        with _told():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with NamedTemporaryFile(
                dir=path.parent, prefix=f"{_UNFINISHED}{path.name}-", delete=False
            ) as file:
                try:
                    yield file
                    file.flush()
                    os.fsync(file.fileno())
                    Path(file.name).replace(path)
                except BaseException:
                    with suppress(FileNotFoundError):
                        Path(file.name).unlink()
                    raise
            _sync(path.parent)
            _sync(self._folder)

    @contextmanager
    def reading(self, name: str) -> Iterator[Source]:
        """See `Target.reading`."""
        with _told():
            try:
                file = (self._folder / name).open("rb")
            except (FileNotFoundError, NotADirectoryError):
                raise BackupUnknown(f"there is no {name} in {self.place}") from None
            with file:
                yield file

    def kept(self) -> Iterator[Kept]:
        """See `Target.kept`."""
        with _told():
            for path in sorted(self._folder.glob("*/*")):
                with suppress(FileNotFoundError):  # taken away meanwhile
                    about = path.stat()
                    yield Kept(
                        f"{path.parent.name}/{path.name}",
                        about.st_size,
                        datetime.fromtimestamp(about.st_mtime, UTC),
                        path.name.startswith(_UNFINISHED),
                    )

    def remove(self, name: str) -> None:
        """See `Target.remove`."""
        path = self._folder / name
        with _told():
            path.unlink(missing_ok=True)
            with suppress(OSError):  # others of its files are there still
                path.parent.rmdir()


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise TargetUnavailable(f"{error.strerror or error}: {error.filename or ''}".rstrip(": ")) from error


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
