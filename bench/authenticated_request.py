"""What it costs to know who asks: a query with a token, with a cookie, and of a server that asks nobody.

Both servers are gunicorn, on one database. The query reads a page of reports that were
written before. Rounds of all alternate in one run, on connections that stay open.
"""

from __future__ import annotations

import argparse
import http.client
import json
import threading
import time
from collections.abc import Mapping
from statistics import median

from bench.databases import database_urls
from bench.service import ADMINISTRATOR, PASSWORD, Service, beside, running_service

CLIENTS = 4
ROUND_S = 1.0  # so that no connection rests for longer than http.keepalive_s
ROUNDS = 9
REPORTS = 60
OPEN_DOOR = "bench.open_door:application()"


class Reader:
    """One client on a connection that stays open."""

    def __init__(self, port: int, path: str, headers: Mapping[str, str]) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port)
        self._path, self._headers = path, headers

    def read(self) -> None:
        """Ask once."""
        self._connection.request("GET", self._path, headers=dict(self._headers))
        answer = self._connection.getresponse()
        content = answer.read()
        if answer.status != 200:
            raise SystemExit(f"{self._path}: {answer.status} {content!r}")


def main() -> None:
    """Print requests a second of each, and how much more a request with a credential costs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    rounds = parser.parse_args().rounds
    with database_urls() as urls:
        for name, url in urls.items():
            with running_service(url) as service, beside(service, OPEN_DOOR) as open_port:
                _measure(name, service, open_port, rounds)


def _measure(name: str, service: Service, open_port: int, rounds: int) -> None:
    session = service.sign_in()
    report, *_ = [service.draft(session, f"BENCH-{number}") for number in range(REPORTS)]
    token = {"Authorization": str(session.headers["Authorization"])}
    cookie = {"Cookie": _cookie(service)}
    time.sleep(3)  # the list has caught up
    for path in ("/v1/reports?limit=50", f"/v1/reports/{report}"):
        readers = {
            "nobody asked": [Reader(open_port, path, {}) for _ in range(CLIENTS)],
            "token": [Reader(service.port, path, token) for _ in range(CLIENTS)],
            "cookie": [Reader(service.port, path, cookie) for _ in range(CLIENTS)],
        }
        rates: dict[str, list[float]] = {who: [] for who in readers}
        for _ in range(rounds):
            for who, each in readers.items():
                rates[who].append(_rate(each))
        for who in ("token", "cookie"):
            pairs = zip(rates["nobody asked"], rates[who], strict=True)
            cost = median(free / asked for free, asked in pairs) - 1
            print(
                f"{name:10} {path[:14]:14} {who:6}: {median(rates[who]):5.0f}/s, "
                f"nobody asked {median(rates['nobody asked']):5.0f}/s, costs {cost:+.1%}"
            )


def _cookie(service: Service) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", service.port)
    body = json.dumps({"email": ADMINISTRATOR, "password": PASSWORD})
    headers = {"Content-Type": "application/json", "Origin": service.url}
    connection.request("POST", "/v1/auth/browser-session", body, headers)
    answer = connection.getresponse()
    answer.read()
    return (answer.getheader("Set-Cookie") or "").partition(";")[0]


def _rate(readers: list[Reader]) -> float:
    counts = [0] * len(readers)
    began = time.perf_counter()

    def repeat(index: int) -> None:
        while time.perf_counter() < began + ROUND_S:
            readers[index].read()
            counts[index] += 1

    threads = [threading.Thread(target=repeat, args=(index,)) for index in range(len(readers))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.perf_counter() - began)


if __name__ == "__main__":
    main()
