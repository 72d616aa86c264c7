"""An installation whose neighbours a test takes away: API, worker and scheduler as production runs them."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

import requests

from countersign.cli.foundation import Foundation, foundation
from countersign.config.layers import load_settings

EMAIL, PASSWORD = "ada@example.com", "correct horse battery"
PATIENCE_S = 60.0
RECOVERED_S = 5.0
_COMMAND = (sys.executable, "-m", "countersign.cli.main")


@dataclass
class Site:
    """One installation. `settings` are those of its own, as variables; a part may be given others."""

    folder: Path
    settings: Mapping[str, str]
    inside: Sequence[str] = ()

    @property
    def log(self) -> str:
        """What its processes have written."""
        return "".join(path.read_text("utf-8") for path in sorted(self.folder.glob("*.log")))

    @property
    def environment(self) -> dict[str, str]:
        """That of its processes."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("COUNTERSIGN_")}
        told = {"COUNTERSIGN_ENV": "testing", "COUNTERSIGN_DATA_DIR": str(self.folder / "data")}
        return {**kept, **told, **self.settings}

    def init(self) -> None:
        """Make its keys, its tables and its administrator."""
        subprocess.run(
            [*self.inside, *_COMMAND, "init", "--admin-email", EMAIL, "--admin-password-stdin"],
            env=self.environment,
            input=PASSWORD,
            text=True,
            check=True,
            stdout=subprocess.DEVNULL,
        )

    @contextmanager
    def running(self, part: str, name: str = "", **others: str) -> Iterator[subprocess.Popen[bytes]]:
        """One of its processes."""
        with self._process([part], name or part, others) as process:
            yield process

    @contextmanager
    def api(self, name: str = "api", **others: str) -> Iterator[str]:
        """An API and where it answers: at a socket of this process, whatever network the API itself is in."""
        with socket.create_server(("127.0.0.1", 0), backlog=128) as door:
            url = f"http://127.0.0.1:{door.getsockname()[1]}"
            serve = ["serve", "--listen-fd", str(door.fileno())]
            with self._process(serve, name, others, (door.fileno(),)) as process:
                wait_until(lambda: is_ready(url) or process.poll() is not None, log=lambda: self.log)
                assert process.poll() is None, self.log
                yield url

    @contextmanager
    def opened(self, url: str) -> Iterator[Foundation]:
        """Its log and tables, reached by that URL of its database; empty for its own."""
        told = {"COUNTERSIGN_DATABASE_URL": url, "COUNTERSIGN_REDIS_URL": ""} if url else {}
        with foundation(load_settings({**self.environment, **told})) as base:
            yield base

    def in_network(self, name: str) -> Site:
        """The same installation, as its processes on a host see it that is a network namespace."""
        return Site(self.folder, self.settings, ("ip", "netns", "exec", name))

    @contextmanager
    def _process(
        self, arguments: Sequence[str], name: str, others: Mapping[str, str], doors: Sequence[int] = ()
    ) -> Iterator[subprocess.Popen[bytes]]:
        with (self.folder / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                [*self.inside, *_COMMAND, *arguments],
                env={**self.environment, **others},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=doors,
                start_new_session=True,
            )
        try:
            yield process
        finally:
            end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """In order; and if it does not, with all that it has started."""
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        raise


def wait_until(true: Callable[[], bool], within_s: float = PATIENCE_S, log: Callable[[], str] = str) -> float:
    """How long it took, in seconds."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < within_s, f"not within {within_s:.1f} s\n{log()}"
        time.sleep(0.05)
    return time.monotonic() - began


def within_s() -> float:
    """How long coming back may take: five seconds, and more where the processors have other work, too."""
    return RECOVERED_S * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def is_ready(url: str) -> bool:
    """Whether a proxy in front would send requests there."""
    try:
        return requests.get(f"{url}/readyz", timeout=5).status_code == HTTPStatus.OK
    except requests.RequestException:
        return False


def is_alive(url: str) -> bool:
    """Whether it answers at all."""
    return requests.get(f"{url}/livez", timeout=5).status_code == HTTPStatus.OK
