"""`countersign demo` as a newcomer runs it: a process of its own, which a test may kill at will."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from countersign.cli.demo.process_table import birth_of
from countersign.cli.demo.run_file import Folder

PATIENCE_S = 180


class DemoProcess:
    """One demo on a folder, and everything that it says."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.folder = Folder(folder)
        self._said: list[str] = []
        self._news = threading.Condition()
        self._process = subprocess.Popen(
            countersign("demo", "--data-dir", str(folder), *arguments),
            env=bare_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert self._process.stdout is not None
        self._reader = threading.Thread(target=self._listen, args=(self._process.stdout,))
        self._reader.start()

    @property
    def said(self) -> str:
        return "".join(self._said)

    def wait_until_said(self, text: str) -> None:
        with self._news:
            heard = self._news.wait_for(lambda: text in self.said or self._ended(), PATIENCE_S)
        assert heard, f"nothing of {text!r} in {PATIENCE_S} s:\n{self.said}"
        assert text in self.said, f"ended without {text!r}:\n{self.said}"

    def finish(self) -> str:
        """Wait for the end, which must be a good one; all that was said."""
        status = self._process.wait(PATIENCE_S)
        self._reader.join()
        assert status == 0, self.said
        return self.said

    def kill(self) -> None:
        """`kill -9` of the demo itself."""
        self._process.kill()
        self._process.wait()
        self._reader.join()

    def interrupt(self) -> int:
        """Ctrl-C; the status with which it ends."""
        self._process.send_signal(signal.SIGINT)
        status = self._process.wait(PATIENCE_S)
        self._reader.join()
        return status

    def kill_one(self, name: str) -> None:
        """`kill -9` of one of its processes; `api/worker` is one that gunicorn has forked."""
        give_up = time.monotonic() + PATIENCE_S
        while (victim := self._pid_of(name)) is None:  # it is being started again
            assert not self._ended(), self.said
            assert time.monotonic() < give_up, self.said
            time.sleep(0.05)
        os.kill(victim, signal.SIGKILL)

    def end(self) -> None:
        """Whatever happens, leave nothing behind."""
        if self._process.poll() is None:
            self._process.terminate()
            self._process.wait(PATIENCE_S)
        self._reader.join()

    def _pid_of(self, name: str) -> int | None:
        parent, _, child = name.partition("/")
        pid, birth = json.loads(self.folder.processes.read_bytes()).get(parent, (0, None))
        if birth is None or birth_of(pid) != birth:
            return None
        return next(iter(children_of(pid)), None) if child else int(pid)

    def _listen(self, output: IO[str]) -> None:
        with output:
            for line in output:
                self._tell(line)
        self._tell("")

    def _tell(self, line: str) -> None:
        with self._news:
            self._said.append(line)
            self._news.notify_all()

    def _ended(self) -> bool:
        return self._process.poll() is not None and not self._reader.is_alive()


def countersign(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "countersign.cli.main", *arguments]


def bare_environment() -> dict[str, str]:
    """What this test run was started with, but for settings of the service."""
    return {name: value for name, value in os.environ.items() if not name.startswith("COUNTERSIGN_")}


def children_of(pid: int) -> Sequence[int]:
    listed = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid="], check=True, capture_output=True, text=True
    ).stdout.splitlines()
    pairs = [tuple(map(int, line.split())) for line in listed]
    return [child for child, parent in pairs if parent == pid]
