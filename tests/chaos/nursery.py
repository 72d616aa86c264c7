"""Worker processes that begin at once, to be killed: forked from one that has imported everything."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path

from countersign.workers.kinds import COMMANDS, MAIL, RENDERING
from countersign.workers.options import Options, QueueOptions, SmtpOptions
from countersign.workers.rendering.renderer import Renderer
from countersign.workers.workforce import REACTIONS
from tests.integration.workers.plant import settings
from tests.integration.workers.worker_process import work

ROOT = Path(__file__).parents[2]
CONCURRENCY = 2
MAILERS = (REACTIONS, MAIL)
PRINTERS = (REACTIONS, COMMANDS, RENDERING)


class Nursery:
    """Brings up workers, each under the name of its number, and kills them without a word."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._living: dict[str, int] = {}
        self._born = 0

    def bear(self) -> str:
        """Begin one more worker; returns its name."""
        self._born += 1
        name = f"worker-{self._born}"
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{name}\n")
        self._process.stdin.flush()
        self._living[name] = int(self._process.stdout.readline())
        return name

    def kill(self, name: str) -> None:
        """End it at whatever it does."""
        os.kill(self._living.pop(name), signal.SIGKILL)

    @property
    def living(self) -> list[str]:
        """The names of those that were not killed."""
        return list(self._living)


@contextmanager
def nursery(url: str, port: int, lease_s: float, parts: Collection[str] = MAILERS) -> Iterator[Nursery]:
    """Workers for a database and a mail server; those that live are killed at the end."""
    command = [sys.executable, "-m", __name__, url, str(port), str(lease_s), *parts]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        workers = Nursery(process)
        try:
            yield workers
        finally:
            for name in workers.living:
                workers.kill(name)


def options(port: int, lease_s: float) -> Options:
    smtp = SmtpOptions(host="127.0.0.1", port=port, from_address="c@example.org", timeout_s=30.0)
    mail = QueueOptions(
        concurrency=CONCURRENCY,
        max_attempts=4,
        max_crashes=6,
        backoff_base_s=0.05,
        backoff_cap_s=0.2,
        lease_s=lease_s,
    )
    rendering = QueueOptions(backoff_base_s=0.05, backoff_cap_s=0.2, lease_s=lease_s)
    return replace(settings(ROOT, smtp), mail=mail, rendering=rendering)


def main(url: str, port: str, lease_s: str, *parts: str) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the killed
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)  # a renderer waits for its own
            with Renderer() if RENDERING in parts else nullcontext(Renderer()) as renderer:
                work(url, options(int(port), float(lease_s)), line.strip(), renderer, parts)
            return
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
