"""Large contents by their SHA-256: committed before the event that names them, never changed."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Protocol

from sqlalchemy import (
    Column,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from countersign.eventstore.databases import Database
from countersign.eventstore.outage import DatabaseUnavailable

metadata = MetaData()
blobs = Table(
    "blobs",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("size_bytes", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("stored_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)

Index("blobs_stored_at", blobs.c.stored_at)


class BlobMissing(LookupError):
    """No content is stored under that digest."""


class Blobs(Protocol):
    """A content-addressed store; an address is the lower-case hex SHA-256 of the content."""

    def put(self, content: bytes) -> str:
        """Store a content durably and give its address; a content stored before is young again.

        Raises:
            DatabaseUnavailable: it cannot be stored now; the disk may be full.
        """

    def get(self, digest: str) -> bytes:
        """The content at an address.

        Raises:
            BlobMissing: nothing is stored there.
        """

    def has(self, digest: str) -> bool:
        """Whether something is stored at an address."""

    def remove(self, digest: str, before_s: float = math.inf) -> None:
        """Forget a content that no event names, unless put again since `before_s` (seconds of 1970)."""

    def older_than(self, age_s: float, now_s: float) -> Iterator[str]:
        """The addresses stored more than that many seconds ago; both are seconds, `now_s` since 1970."""

    def stored_since(self, since_s: float) -> Iterator[str]:
        """The addresses of what has come since then (seconds of 1970), whatever else is stored.

        A content that was stored before and was put again since may be among them or not.
        """


class FileBlobs:
    """Blobs as files below a folder, synced before they are named."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, content: bytes) -> str:
        """See `Blobs.put`."""
        digest = sha256(content).hexdigest()
        try:
            self._put(self._path(digest), content)
        except OSError as trouble:
            raise DatabaseUnavailable(f"a content cannot be stored: {trouble.strerror}") from trouble
        return digest

    def get(self, digest: str) -> bytes:
        """See `Blobs.get`."""
        try:
            return self._path(digest).read_bytes()
        except FileNotFoundError:
            raise BlobMissing(digest) from None

    def has(self, digest: str) -> bool:
        """See `Blobs.has`."""
        return self._path(digest).exists()

    def remove(self, digest: str, before_s: float = math.inf) -> None:
        """See `Blobs.remove`."""
        path = self._path(digest)
        aside = path.with_suffix(".leaving")
        with suppress(FileNotFoundError):
            if path.stat().st_mtime >= before_s:
                return
            path.replace(aside)
            if aside.stat().st_mtime < before_s:
                aside.unlink()
            else:  # put again between the look and the move
                aside.replace(path)

    def older_than(self, age_s: float, now_s: float) -> Iterator[str]:
        """See `Blobs.older_than`."""
        for path in self._folder.glob("??/*"):
            with suppress(FileNotFoundError):  # removed meanwhile
                if now_s - path.stat().st_mtime > age_s:
                    yield path.name

    def stored_since(self, since_s: float) -> Iterator[str]:
        """See `Blobs.stored_since`; a content that comes changes the folder that it comes to."""
        for folder in self._folder.glob("??"):
            if folder.stat().st_mtime >= since_s:
                for path in folder.iterdir():
                    with suppress(FileNotFoundError):  # removed meanwhile
                        if path.stat().st_mtime >= since_s:
                            yield path.name

    def _put(self, path: Path, content: bytes) -> None:
        try:
            os.utime(path)
        except FileNotFoundError:
            _write_durably(path, content)

    def _path(self, digest: str) -> Path:
        return self._folder / digest[:2] / digest


class TableBlobs:
    """Blobs as rows, for processes on several machines."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, content: bytes) -> str:
        """See `Blobs.put`."""
        digest = sha256(content).hexdigest()
        again = update(blobs).where(blobs.c.digest == digest).values(stored_at=func.now())
        row = insert(blobs).values(digest=digest, size_bytes=len(content), content=content)
        young = row.on_conflict_do_update(index_elements=["digest"], set_={"stored_at": func.now()})
        with self._database.write(synced=False) as connection:
            # The commit of the append that names it brings it to the disk as well.
            if connection.execute(again).rowcount == 0:
                connection.execute(young)
        return digest

    def get(self, digest: str) -> bytes:
        """See `Blobs.get`."""
        with self._database.read() as connection:
            content = connection.execute(select(blobs.c.content).where(blobs.c.digest == digest)).scalar()
        if content is None:
            raise BlobMissing(digest)
        return bytes(content)

    def has(self, digest: str) -> bool:
        """See `Blobs.has`."""
        with self._database.read() as connection:
            return connection.execute(select(1).where(blobs.c.digest == digest)).first() is not None

    def remove(self, digest: str, before_s: float = math.inf) -> None:
        """See `Blobs.remove`."""
        old = func.extract("epoch", blobs.c.stored_at) < before_s
        with self._database.write() as connection:
            connection.execute(delete(blobs).where(blobs.c.digest == digest, old))

    def older_than(self, age_s: float, now_s: float) -> Iterator[str]:
        """See `Blobs.older_than`."""
        age = func.extract("epoch", blobs.c.stored_at)
        with self._database.read() as connection:
            yield from connection.execute(select(blobs.c.digest).where(age < now_s - age_s)).scalars()

    def stored_since(self, since_s: float) -> Iterator[str]:
        """See `Blobs.stored_since`."""
        since = datetime.fromtimestamp(since_s, UTC)
        with self._database.read() as connection:
            yield from connection.execute(select(blobs.c.digest).where(blobs.c.stored_at >= since)).scalars()


def _write_durably(path: Path, content: bytes) -> None:
    made = not path.parent.exists()
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent.parent, prefix="incoming-", delete=False) as file:
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        except OSError:  # what of it is there would keep a full disk full
            Path(file.name).unlink()
            raise
    Path(file.name).replace(path)
    _sync_folder(path.parent)
    if made:
        _sync_folder(path.parent.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
