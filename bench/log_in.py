"""What a log-in costs beyond the hash of the password, one at a time on a connection that stays open.

A verification of the same cost is done here in between, with nothing around it. Beyond it are the request,
the reads of account and throttle, the session's append with fsync, and the signature of the token.
"""

from __future__ import annotations

import http.client
import json
import os
import time
from collections.abc import Callable
from statistics import median, quantiles

from bench.databases import database_urls
from bench.service import ADMINISTRATOR, PASSWORD, Service, running_service
from countersign.commands.password_hashes import PasswordHashes
from countersign.config.layers import load_settings

WARM_UP = 5
LOG_INS = 60


def main() -> None:
    """Print the medians on each database."""
    settings = load_settings(os.environ).passwords
    hashes = PasswordHashes(settings.memory_kib, settings.passes, settings.lanes)
    kept = hashes.make(PASSWORD)
    with database_urls() as urls:
        for name, url in urls.items():
            with running_service(url, parts=("serve",)) as service:
                _measure(name, service, lambda: hashes.verify(kept, PASSWORD))


def _measure(name: str, service: Service, verify: Callable[[], object]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", service.port)
    body = json.dumps({"email": ADMINISTRATOR, "password": PASSWORD})

    def log_in() -> None:
        connection.request("POST", "/v1/auth/login", body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        content = answer.read()
        if answer.status != 200:
            raise SystemExit(f"log-in: {answer.status} {content!r}")

    pairs = [(_ms(verify), _ms(log_in)) for _ in range(WARM_UP + LOG_INS)][WARM_UP:]
    hash_ms = median(hashed for hashed, _ in pairs)
    beyond = [whole - hashed for hashed, whole in pairs]
    print(
        f"{name:10} hash p50 {hash_ms:5.1f} ms; log-in beyond it p50 {median(beyond):5.1f} ms, "
        f"p95 {quantiles(beyond, n=20)[-1]:5.1f} ms; ratio {median(beyond) / hash_ms:.2f}"
    )


def _ms(step: Callable[[], object]) -> float:
    began = time.perf_counter()
    step()
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    main()
