"""`countersign keys rotate-master`: another master key, under which all keys of people are wrapped anew."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from countersign.cli.foundation import foundation
from countersign.cli.invocation import Invocation
from countersign.cli.master_key_rotation import Rotation, Step
from countersign.cli.screen import say, show_json_line
from countersign.cli.tables import require_tables
from countersign.config.private_files import KeyFilesError


def rotate_master(invocation: Invocation, _now: datetime) -> None:
    """Take the steps that are left: all, or with `--prepare` what other machines have to know of first.

    Raises:
        KeyFilesError: another call is at it, the file lacks the key in use, or a person's key does not open.
    """
    settings, given = invocation.settings, invocation.arguments
    with _alone(settings.keys_dir), foundation(settings) as base:
        require_tables(base.databases)
        rotation = Rotation.found(base)
        steps = [rotation.foreseen()] if given.dry_run else rotation.steps(only_prepare=given.prepare)
        for step in steps:
            _tell(step, as_json=given.json)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)  # two calls would make two new keys
        yield
    except BlockingIOError as taken:
        raise KeyFilesError(f"somebody exchanges the key in {folder} already") from taken
    finally:
        os.close(descriptor)


def _tell(step: Step, *, as_json: bool) -> None:
    if as_json:
        show_json_line({"step": step.name, "says": step.says})
    else:
        say(step.says)
