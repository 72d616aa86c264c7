"""What a command has changed is read on any process that is told its position."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import requests

from tests.e2e.api_server import EMAIL, PASSWORD, ApiServer
from tests.postgres_servers import PostgresServers

ROOT = Path(__file__).parents[2]
PROCESSES = 4
PAIRS = 40
TRIES = 5
NOBODY_WAKES = {"COUNTERSIGN_DATABASE__LISTEN_URL": "postgresql://nobody@127.0.0.1:1/nowhere"}


@pytest.fixture(scope="module")
def installation(postgres_servers: PostgresServers) -> Iterator[Mapping[str, str]]:
    """A new service on PostgreSQL; gives the environment of its command line."""
    url = postgres_servers.new_database("postgresql")
    with TemporaryDirectory(prefix="cs-e2e-") as folder:
        environment = {
            **os.environ,
            "COUNTERSIGN_ENV": "testing",
            "COUNTERSIGN_DATA_DIR": folder,
            "COUNTERSIGN_DATABASE_URL": url,
            "COUNTERSIGN_RATE_LIMITS__ADMINISTRATOR_PER_HOUR": "100000",
            "COUNTERSIGN_HTTP__THREADS": "16",
            "COUNTERSIGN_PROJECTIONS__POLL_S": "0.05",
        }
        command = ("init", "--admin-email", EMAIL, "--admin-password-stdin")
        subprocess.run(
            [sys.executable, "-m", "countersign.cli.main", *command],
            env=environment,
            input=PASSWORD,
            text=True,
            check=True,
            capture_output=True,
        )
        yield environment
    postgres_servers.drop(url)


@contextmanager
def four_processes(environment: Mapping[str, str]) -> Iterator[list[str]]:
    """The addresses of four processes of the API; a fifth one keeps the read tables."""
    command = [sys.executable, "-m", "tests.e2e.forked_apis", str(PROCESSES)]
    log = Path(environment["COUNTERSIGN_DATA_DIR"]) / "apis.log"
    with log.open("wb") as errors:
        forks = subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=errors, text=True, cwd=ROOT
        )
        try:
            assert forks.stdout is not None
            ports = forks.stdout.readline().split()
            assert len(ports) == PROCESSES, log.read_text(encoding="utf-8")
            yield [f"http://127.0.0.1:{port}" for port in ports]
        finally:
            forks.terminate()
            forks.communicate(timeout=30)


class Person:
    """Somebody with a report, who asks one process after the other."""

    def __init__(self, apis: list[str], number: str) -> None:
        self._apis, self._number, self._version = apis, number, 1
        self._session = requests.Session()
        tokens = ApiServer(apis[0], {}).sign_in(self._session)
        self._session.headers["Authorization"] = f"Bearer {tokens['access_token']}"
        header = {"document_title": "New", "project_reference": "P", "client_name": "C"}
        body = {"report_type": "SAT", "document_number": number, "header": header}
        begun = self._session.post(f"{apis[0]}/v1/reports", json=body, timeout=30)
        self._path = f"/v1/reports/{begun.json()['id']}"

    def pairs(self) -> list[tuple[int, int]]:
        """For each pair, the version that was written, and the one that another process showed then."""
        with self._session:
            return [self._pair(number) for number in range(PAIRS)]

    def _pair(self, number: int) -> tuple[int, int]:
        here, there = self._apis[number % PROCESSES], self._apis[(number + 1) % PROCESSES]
        written = self._session.patch(
            here + self._path,
            json={"changes": {"document_title": f"Title {number}"}},
            headers={"If-Match": f'"v{self._version}"'},
            timeout=30,
        )
        assert written.status_code == 200, written.text
        self._version = written.json()["version"]
        shown = self._shown(there, written.headers["Position"])
        assert int(shown.headers["As-Of-Position"]) >= int(written.headers["Position"])
        return self._version, shown.json()["items"][0]["version"]

    def _shown(self, api: str, position: str) -> requests.Response:
        for _ in range(TRIES):  # a machine that is busy may take its time, and says so
            answer = self._session.get(
                f"{api}/v1/reports",
                params={"text": self._number},
                headers={"Min-Position": position},
                timeout=30,
            )
            if answer.status_code != 503:
                break
            time.sleep(float(answer.headers["Retry-After"]))
        assert answer.status_code == 200, answer.text
        return answer


@pytest.mark.postgres
@pytest.mark.slow
@pytest.mark.chaos
@pytest.mark.parametrize("more", [{}, NOBODY_WAKES], ids=["woken", "polling"])
def test_no_process_shows_less_than_another_has_written(
    installation: Mapping[str, str], more: Mapping[str, str]
) -> None:
    with four_processes({**installation, **more}) as apis, ThreadPoolExecutor(PROCESSES) as hands:
        people = [Person(apis, f"RYW-{number}-{len(more)}") for number in range(PROCESSES)]
        pairs = [pair for told in hands.map(Person.pairs, people) for pair in told]
    assert len(pairs) == PROCESSES * PAIRS
    assert [(written, shown) for written, shown in pairs if shown != written] == []
