"""An API of its own, under gunicorn with two workers, for tests that change what lies under it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from tests.ports import free_port

EMAIL, PASSWORD = "ada@example.com", "correct horse battery"
_COMMAND = (sys.executable, "-m", "countersign.cli.main")


@dataclass(frozen=True)
class ApiServer:
    """Where it answers, and the environment of its command line."""

    url: str
    environment: Mapping[str, str]

    def command(self, *arguments: str) -> str:
        """What one call of the command line says."""
        done = subprocess.run(
            [*_COMMAND, *arguments], env=self.environment, check=True, capture_output=True, text=True
        )
        return done.stdout

    def sign_in(self, session: requests.Session) -> dict[str, str]:
        """The tokens of one more log-in."""
        answer = session.post(
            f"{self.url}/v1/auth/login", json={"email": EMAIL, "password": PASSWORD}, timeout=30
        )
        answer.raise_for_status()
        tokens: dict[str, str] = answer.json()
        return tokens


@contextmanager
def api_server(folder: Path, **settings: str) -> Iterator[ApiServer]:
    """Set it up, wait until it is alive, and end it."""
    port = free_port()
    environment = {
        **os.environ,
        "COUNTERSIGN_ENV": "testing",
        "COUNTERSIGN_DATA_DIR": str(folder),
        "COUNTERSIGN_HTTP__PORT": str(port),
        "COUNTERSIGN_HTTP__WORKERS": "2",
        **settings,
    }
    subprocess.run(
        [*_COMMAND, "init", "--admin-email", EMAIL, "--admin-password-stdin"],
        env=environment,
        input=PASSWORD,
        text=True,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    with (folder / "serve.log").open("wb") as log:
        process = subprocess.Popen([*_COMMAND, "serve"], env=environment, stdout=log, stderr=log)
        try:
            server = ApiServer(f"http://127.0.0.1:{port}", environment)
            _wait_until_alive(server, folder / "serve.log")
            yield server
        finally:
            process.terminate()
            process.wait(30)


def _wait_until_alive(server: ApiServer, log: Path) -> None:
    give_up = time.monotonic() + 60
    while time.monotonic() < give_up:
        try:
            if requests.get(f"{server.url}/livez", timeout=5).ok:
                return
        except (requests.ConnectionError, requests.Timeout):
            time.sleep(0.1)
    raise TimeoutError(log.read_text(encoding="utf-8"))
