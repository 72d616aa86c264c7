"""An authenticated command over HTTP, beside a no-op endpoint of the same server.

The command saves a section of three rows: it checks token, session, account and role, decides, appends to
the log with fsync, and answers with the new ETag. Rounds of both alternate in one run.
"""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Callable
from statistics import median

from bench.databases import database_urls
from bench.service import Service, running_service

CLIENTS = 8
ROUND_S = 3.0
ROUNDS = 3
ROW = {"device_name": "PLC-01", "ip_address": "10.0.0.1"}


class Author:
    """One client with a report of its own and a connection that stays open."""

    def __init__(self, service: Service, number: int) -> None:
        session = service.sign_in()
        self._report = service.draft(session, f"BENCH-{number}")
        self._connection = http.client.HTTPConnection("127.0.0.1", service.port)
        self._headers = {
            "Authorization": str(session.headers["Authorization"]),
            "Content-Type": "application/json",
        }
        self._tag = '"empty"'
        self._saved = 0

    def nothing(self) -> None:
        """Ask the endpoint that does nothing."""
        self._ask("GET", "/livez", None, {})

    def save(self) -> None:
        """Save a section that has changed."""
        self._saved += 1
        rows = [{"id": str(n), "comment": f"{self._saved}", **ROW} for n in range(3)]
        path = f"/v1/reports/{self._report}/sections/ip_records"
        headers = {**self._headers, "If-Match": self._tag}
        self._tag = self._ask("PUT", path, json.dumps({"content": rows}), headers) or self._tag

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> str | None:
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        content = answer.read()
        if answer.status not in {200, 201}:
            raise SystemExit(f"{method} {path}: {answer.status} {content!r}")
        return answer.getheader("ETag")


def main() -> None:
    """Print requests a second of both, and the ratio, on each database."""
    with database_urls() as urls:
        for name, url in urls.items():
            with running_service(url, parts=("serve",)) as service:
                _measure(name, service)


def _measure(name: str, service: Service) -> None:
    for clients in (1, CLIENTS):
        authors = [Author(service, clients * 100 + number) for number in range(clients)]
        rates: dict[str, list[float]] = {"no-op": [], "command": []}
        for _ in range(ROUNDS):
            rates["no-op"].append(_rate([author.nothing for author in authors]))
            rates["command"].append(_rate([author.save for author in authors]))
        nothing, command = median(rates["no-op"]), median(rates["command"])
        print(
            f"{name:10} {clients:2} clients: no-op {nothing:7.0f}/s, command {command:6.0f}/s, "
            f"ratio {command / nothing:.2f}"
        )


def _rate(asks: list[Callable[[], None]]) -> float:
    counts = [0] * len(asks)
    until = time.perf_counter() + ROUND_S

    def repeat(index: int) -> None:
        while time.perf_counter() < until:
            asks[index]()
            counts[index] += 1

    threads = [threading.Thread(target=repeat, args=(index,)) for index in range(len(asks))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / ROUND_S


if __name__ == "__main__":
    main()
