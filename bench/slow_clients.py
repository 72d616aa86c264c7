"""What 60 clients that have begun a request and do not go on cost everybody else.

Straight at the server they hold all of its threads; behind a proxy of deploy/ they cost nothing. The limit: a
healthy request through a proxy takes at most 0.1 s more than without them.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.e2e.production.machine import Machine, production
from tests.e2e.production.proxies import program, proxy
from tests.e2e.production.slow_clients import SLOW_CLIENTS, slow_clients, waits_s

TIMES = 20
PATIENCE_S = 5.0
LIMIT_S = 0.1


def main() -> None:
    """Print it for the server alone and for each proxy that is installed."""
    with (
        tempfile.TemporaryDirectory(prefix="countersign-bench-") as folder,
        production(Path(folder), others=()) as machine,
    ):
        _measure("gunicorn", machine, machine.api_port, times=2)
        for name in ("haproxy", "nginx"):
            if program(name) is None:
                print(f"{name:10} is not installed")
                continue
            with proxy(name, machine) as port:
                _measure(name, machine, port, times=TIMES)


def _measure(name: str, machine: Machine, port: int, times: int) -> None:
    without, longest_without = waits_s(machine, port, times, PATIENCE_S)
    with slow_clients(machine, port):
        meanwhile, longest = waits_s(machine, port, times, PATIENCE_S)
    given_up = " (given up)" if longest >= PATIENCE_S else ""
    print(
        f"{name:10} healthy request, median and longest: {without:.3f} s, {longest_without:.3f} s; "
        f"with {SLOW_CLIENTS} slow clients: {meanwhile:.3f} s, {longest:.3f} s{given_up}; limit +{LIMIT_S} s"
    )


if __name__ == "__main__":
    main()
