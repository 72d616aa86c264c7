"""Taking a folder for a demo: one at a time, and going on where an earlier one was killed."""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

from countersign.cli.demo.own_database import database_for
from countersign.cli.demo.process_table import ProcessTable
from countersign.cli.demo.run_file import Folder, Run, load_run, new_run
from countersign.cli.invocation import UsageError

_STALE_PATIENCE_S: Final = 5.0


@contextmanager
def claimed(data_dir: str | None) -> Iterator[Folder]:
    """The folder of that name, or a new one; nobody else runs a demo in it.

    Raises:
        UsageError: somebody does, or it holds something else.
    """
    folder = Folder(_chosen(data_dir))
    if not folder.run_file.exists() and folder.path.is_dir() and any(folder.path.iterdir()):
        raise UsageError(f"{folder.path} holds something else: name a new folder, or one of an earlier demo.")
    folder.create()
    descriptor = os.open(folder.lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _lock(descriptor, folder)
        yield folder
    finally:
        os.close(descriptor)


def run_in(folder: Folder, database_url: str | None, redis_url: str | None) -> Run:
    """The run of the folder, with what a killed demo left running ended; else a new one.

    Raises:
        UsageError: the run began with another database or Redis, or its database cannot be used.
    """
    ProcessTable(folder.processes).end_all(_STALE_PATIENCE_S)
    if folder.run_file.exists():
        this = load_run(folder.run_file)
        _require_same("--database-url", database_url, this.database_url)
        _require_same("--redis-url", redis_url, this.redis_url)
    else:
        run_id = secrets.token_hex(3)
        database = database_for(run_id, database_url) if database_url else ""
        this = new_run(run_id, database, redis_url or "")
    return this


def _chosen(data_dir: str | None) -> Path:
    if data_dir is None:
        return Path(mkdtemp(prefix="countersign-demo-"))
    return Path(data_dir).expanduser().resolve()


def _lock(descriptor: int, folder: Folder) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise UsageError(f"A demo is running in {folder.path} already.") from None


def _require_same(flag: str, wanted: str | None, had: str) -> None:
    if wanted is not None and wanted != had:
        raise UsageError(f"This demo began with another {flag}: leave it out, or name a new folder.")
