"""A worker process by whose clock it is what a file says: as a module it takes URL, holder and the file."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from countersign.workers.kinds import COMMANDS
from countersign.workers.options import SmtpOptions
from countersign.workers.rendering.renderer import Renderer
from countersign.workers.workforce import REACTIONS
from tests.integration.workers.plant import settings
from tests.integration.workers.worker_process import ROOT, work

NOWHERE = SmtpOptions(host="127.0.0.1", port=1, from_address="c@example.org")


class Clock:
    """Stands still until it is moved, for all processes at once."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def __call__(self) -> datetime:
        return datetime.fromisoformat(self._file.read_text("ascii"))

    def move_to(self, moment: datetime) -> None:
        new = self._file.with_suffix(".new")
        new.write_text(moment.isoformat(), "ascii")
        new.replace(self._file)


@contextmanager
def clocked_worker(url: str, holder: str, file: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Takes up events and gives commands that are due, until the block ends."""
    command = [sys.executable, "-m", __name__, url, holder, str(file)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def main(url: str, holder: str, file: str) -> None:
    with Renderer() as renderer:
        work(url, settings(ROOT, NOWHERE), holder, renderer, (REACTIONS, COMMANDS), Clock(Path(file)))


if __name__ == "__main__":
    main(*sys.argv[1:])
