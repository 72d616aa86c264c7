"""Reading one's own write on another process, beside the same read that waits for nothing.

    python -m bench.read_your_writes [--pairs 10000] [--clients 4] [--poll-only]

Four API processes and one that keeps the read tables, over one database. Each client changes the title of a
report of its own on one process and at once asks the next process for the list, with the position that the
change was answered with as `Min-Position`; in every tenth round once more, without. Prints how many of the
waiting reads were stale (none may be), how long they took, and what the waiting added. With `--poll-only`
nobody is woken.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from statistics import median, quantiles

from bench.databases import database_urls
from bench.service import Service, beside, running_service
from countersign.cli.serve import APPLICATION

PROCESSES = 4
WARM_UP = 20
BESIDE = 10
ENVIRONMENT = {
    "COUNTERSIGN_HTTP__WORKERS": "1",
    "COUNTERSIGN_TOKENS__ACCESS_LIFETIME_S": "1800",
    "COUNTERSIGN_RATE_LIMITS__ADMINISTRATOR_PER_HOUR": "1000000",
}
NOBODY_WAKES = {
    "COUNTERSIGN_DATABASE__LISTEN_URL": "postgresql://nobody@127.0.0.1:1/nowhere",
    "COUNTERSIGN_PROJECTIONS__POLL_S": "0.02",
}


@dataclass
class Tally:
    """What the reads of all clients came to; times in milliseconds."""

    waited: list[float] = field(default_factory=list)
    unwaited: list[float] = field(default_factory=list)
    stale: int = 0
    stale_unwaited: int = 0


class Client:
    """Somebody with a report, and a connection to each process."""

    def __init__(self, service: Service, ports: Sequence[int], number: int) -> None:
        session = service.sign_in()
        self._number = f"RYW-{number}"
        self._report = service.draft(session, self._number)
        self._connections = [http.client.HTTPConnection("127.0.0.1", port, timeout=60) for port in ports]
        self._headers = {
            "Authorization": str(session.headers["Authorization"]),
            "Content-Type": "application/json",
        }
        self._version = 1

    def pairs(self, count: int, tally: Tally) -> None:
        """So many writes, each read on the process after the one that took it."""
        for pair in range(count):
            here, there = (self._connections[(pair + step) % PROCESSES] for step in (0, 1))
            position = self._write(here, f"Title {pair}")
            seen, took = self._read(there, {"Min-Position": position})
            tally.stale += seen != self._version
            tally.waited.append(took)
            if pair % BESIDE == 0:
                self._write(there, f"Title {pair}, once more")
                seen, took = self._read(here, {})
                tally.stale_unwaited += seen != self._version
                tally.unwaited.append(took)

    def _write(self, connection: http.client.HTTPConnection, title: str) -> str:
        body = json.dumps({"changes": {"document_title": title}})
        headers = {**self._headers, "If-Match": f'"v{self._version}"'}
        answer, content = _asked(connection, "PATCH", f"/v1/reports/{self._report}", body, headers)
        self._version = int(json.loads(content)["version"])
        return str(answer.getheader("Position"))

    def _read(self, connection: http.client.HTTPConnection, more: dict[str, str]) -> tuple[int, float]:
        began = time.perf_counter()
        path = f"/v1/reports?limit=1&text={self._number}"
        _, content = _asked(connection, "GET", path, None, {**self._headers, **more})
        took = (time.perf_counter() - began) * 1000
        return int(json.loads(content)["items"][0]["version"]) if json.loads(content)["items"] else 0, took


def _asked(
    connection: http.client.HTTPConnection, method: str, path: str, body: str | None, headers: dict[str, str]
) -> tuple[http.client.HTTPResponse, bytes]:
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    content = answer.read()
    if answer.status != 200:
        raise SystemExit(f"{method} {path}: {answer.status} {content!r}")
    return answer, content


@contextmanager
def four_processes(url: str) -> Iterator[tuple[Service, list[int]]]:
    """The service, and the ports of four processes of its API."""
    with ExitStack() as held:
        service = held.enter_context(running_service(url))
        others = [held.enter_context(beside(service, APPLICATION)) for _ in range(PROCESSES - 1)]
        yield service, [service.port, *others]


def measure(name: str, url: str, pairs: int, clients: int) -> None:
    """Print what a run on one database came to."""
    tally = Tally()
    with four_processes(url) as (service, ports):
        people = [Client(service, ports, number) for number in range(clients)]
        for person in people:
            person.pairs(WARM_UP, Tally())
        each = pairs // clients
        with ThreadPoolExecutor(clients) as hands:
            for done in [hands.submit(one.pairs, each, tally) for one in people]:
                done.result()
    _print(name, tally)


def _print(name: str, tally: Tally) -> None:
    waited, unwaited = (quantiles(times, n=100) for times in (tally.waited, tally.unwaited))
    added = median(tally.waited) - median(tally.unwaited)
    print(
        f"{name:10} {len(tally.waited)} pairs on {PROCESSES} processes, {tally.stale} stale; "
        f"waiting read p50 {waited[49]:5.1f} ms, p99 {waited[98]:5.1f} ms; the same read without waiting "
        f"p50 {unwaited[49]:5.1f} ms, p99 {unwaited[98]:5.1f} ms ({tally.stale_unwaited} of them stale); "
        f"the wait added {added:.1f} ms; ratio of the p99 {waited[98] / unwaited[98]:.2f}"
    )


def main() -> None:
    """Print it for each database."""
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--pairs", type=int, default=10_000)
    arguments.add_argument("--clients", type=int, default=4)
    arguments.add_argument("--poll-only", action="store_true")
    arguments.add_argument("--only", choices=("sqlite", "postgresql"))
    given = arguments.parse_args()
    os.environ.update(ENVIRONMENT | (NOBODY_WAKES if given.poll_only else {}))
    with database_urls() as urls:
        for name, url in urls.items():
            if given.only in (None, name):
                measure(name, url, given.pairs, given.clients)


if __name__ == "__main__":
    main()
