"""A service of its own for a benchmark: a new data folder, free ports, the processes that production uses."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import requests

from countersign.cli.serve import METRICS_FOLDER, gunicorn_command
from countersign.config.layers import load_settings

PASSWORD = "a password for a benchmark"  # noqa: S105 - of a service that lives for a minute
ADMINISTRATOR = "admin@countersign.example"


@dataclass(frozen=True)
class Service:
    """Where it answers, and how to speak to it as somebody."""

    url: str
    port: int
    folder: Path
    environment: Mapping[str, str]

    def sign_in(self, email: str = ADMINISTRATOR) -> requests.Session:
        """A session that carries the access token of a person."""
        session = requests.Session()
        answer = session.post(
            f"{self.url}/v1/auth/login", json={"email": email, "password": PASSWORD}, timeout=30
        )
        answer.raise_for_status()
        session.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        return session

    def must(self, session: requests.Session, method: str, path: str, **given: Any) -> requests.Response:
        """A request that has to be accepted."""
        answer = session.request(method, self.url + path, timeout=60, **given)
        if not answer.ok:
            raise SystemExit(f"{method} {path}: {answer.status_code} {answer.text}")
        return answer

    def draft(self, session: requests.Session, number: str) -> str:
        """The id of a new SAT report."""
        header = {"document_title": "Benchmark", "project_reference": "B-1", "client_name": "Bench"}
        body = {"report_type": "SAT", "document_number": number, "header": header}
        return str(self.must(session, "POST", "/v1/reports", json=body).json()["id"])


@contextmanager
def running_service(
    database_url: str = "",
    *,
    parts: tuple[str, ...] = ("serve", "work"),
    more: Mapping[str, str] | None = None,
) -> Iterator[Service]:
    """Start it, wait until it is ready, and end it again; `more` are settings in its environment."""
    with ExitStack() as held:
        folder = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="countersign-bench-")))
        port = _free_port()
        environment = {
            **os.environ,
            "COUNTERSIGN_DATA_DIR": str(folder / "data"),
            "COUNTERSIGN_DATABASE_URL": database_url,
            "COUNTERSIGN_HTTP__PORT": str(port),
            "COUNTERSIGN_LOGGING__LEVEL": "warning",
            **(more or {}),
        }
        command = [sys.executable, "-m", "countersign.cli.main"]
        subprocess.run(
            [*command, "init", "--admin-password-stdin"],
            env=environment,
            input=PASSWORD,
            text=True,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        with (folder / "log").open("wb") as log:
            for part in parts:
                held.enter_context(_ended(subprocess.Popen([*command, part], env=environment, stderr=log)))
            service = Service(f"http://127.0.0.1:{port}", port, folder, environment)
            _wait_until_ready(service)
            yield service


@contextmanager
def beside(service: Service, application: str) -> Iterator[int]:
    """Another application on the same data, under the same server; gives its port."""
    port = _free_port()
    environment = {
        **service.environment,
        "COUNTERSIGN_HTTP__PORT": str(port),
        METRICS_FOLDER: str(service.folder),
    }
    command = [*gunicorn_command(load_settings(environment))[:-1], application]
    with (
        (service.folder / "log-beside").open("wb") as log,
        _ended(subprocess.Popen(command, env=environment, stderr=log)),
    ):
        _wait_until_ready(replace(service, url=f"http://127.0.0.1:{port}"))
        yield port


@contextmanager
def _ended(process: subprocess.Popen[bytes]) -> Iterator[None]:
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)


def _wait_until_ready(service: Service) -> None:
    for _ in range(600):
        time.sleep(0.1)
        try:
            if requests.get(f"{service.url}/livez", timeout=5).ok:
                return
        except (requests.ConnectionError, requests.Timeout):
            continue
    raise SystemExit((service.folder / "log").read_text())


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
