"""Processes of the service on an installation with a folder of settings, told to read it again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from countersign.cli.foundation import foundation
from countersign.config.layers import load_settings
from countersign.eventstore.mapper import Happened
from tests.ports import free_port

COUNTERSIGN = (sys.executable, "-m", "countersign.cli.main")
PATIENCE_S = 30.0


class Reloadable:
    """An installation on SQLite; `variables` are added to the environment of its processes."""

    def __init__(self, folder: Path, **variables: str) -> None:
        self.folder = folder
        self.files = folder / "etc"
        self.files.mkdir()
        self.write("")
        self.port = free_port()
        kept = {name: value for name, value in os.environ.items() if not name.startswith("COUNTERSIGN_")}
        self.environment: Mapping[str, str] = {
            **kept,
            "COUNTERSIGN_ENV": "testing",
            "COUNTERSIGN_CONFIG_DIR": str(self.files),
            "COUNTERSIGN_DATA_DIR": str(folder / "data"),
            "COUNTERSIGN_HTTP__PORT": str(self.port),
            **variables,
        }
        made = self.run("init", "--admin-password-stdin", typed="correct horse battery")
        assert made.returncode == 0, made.stderr

    def write(self, text: str) -> None:
        """The operator's file, exchanged in one step."""
        draft = self.files / "draft"
        draft.write_text(text, encoding="utf-8")
        draft.rename(self.files / "app.yaml")

    def run(self, *arguments: str, typed: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
        """One call of the command line."""
        return subprocess.run(
            [*COUNTERSIGN, *arguments],
            env={**self.environment, **variables},
            input=typed,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )

    @contextmanager
    def running(self, *arguments: str) -> Iterator[Running]:
        """One process of the service."""
        log = self.folder / f"{arguments[0]}.log"
        with log.open("wb") as lines:
            command = [*COUNTERSIGN, *arguments]
            process = subprocess.Popen(command, env=self.environment, stdout=lines, stderr=lines)
            try:
                yield Running(process, log)
            finally:
                process.terminate()
                process.wait(PATIENCE_S)

    def status_of(self, path: str) -> int:
        """What the API answers; 0 when it does not."""
        try:
            with urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
                return int(answer.status)
        except HTTPError as refusal:
            return refusal.code
        except (URLError, OSError):
            return 0

    def happened(self, kind: str) -> list[Happened]:
        """The events of a kind of aggregate."""
        valid = {name: text for name, text in self.environment.items() if name != "COUNTERSIGN_CONFIG_DIR"}
        with foundation(load_settings(valid)) as base:
            events = [base.store.mapper.happened(recorded) for recorded in base.log.read(0, 1_000)]
        return [event for event in events if event.topic.startswith(f"{kind}.")]


class Running:
    """A process of the service, and what it says."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self.process, self._log = process, log

    @property
    def said(self) -> str:
        return self._log.read_text("utf-8")

    def hang_up(self) -> None:
        self.process.send_signal(signal.SIGHUP)

    def wait_for(self, text: str, times: int = 1) -> None:
        """Wait until it has said so."""
        self.wait_until(lambda: self.said.count(text) >= times)

    def wait_until(self, is_so: Callable[[], bool]) -> None:
        give_up = time.monotonic() + PATIENCE_S
        while not is_so():
            assert time.monotonic() < give_up, self.said
            assert self.process.poll() is None, self.said
            time.sleep(0.05)
