"""The settings of the demo's processes, as variables: nothing of the caller's own installation gets in."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from countersign.cli.demo.doors import Doors
from countersign.cli.demo.people import address
from countersign.cli.demo.run_file import Folder, Run
from countersign.cli.demo.supervision import Program

_PREFIX: Final = "COUNTERSIGN_"
_IMPATIENCE: Final = {
    "COUNTERSIGN_SCHEDULER__LEASE_S": "4",
    "COUNTERSIGN_SCHEDULER__HEARTBEAT_S": "1",
    "COUNTERSIGN_QUEUES__RENDERING__LEASE_S": "5",
    "COUNTERSIGN_QUEUES__MAIL__LEASE_S": "5",
}
"""Somebody is watching: what a killed process held is taken up soon."""


def environment(run: Run, folder: Folder, api_processes: int) -> Mapping[str, str]:
    """The whole environment of a process of this run."""
    others = {name: value for name, value in os.environ.items() if not name.startswith(_PREFIX)}
    return {
        **others,
        "COUNTERSIGN_ENV": "development",
        "COUNTERSIGN_DATA_DIR": str(folder.path),
        "COUNTERSIGN_DATABASE_URL": run.database_url,
        "COUNTERSIGN_REDIS_URL": run.redis_url,
        "COUNTERSIGN_REDIS__PREFIX": f"countersign-demo-{run.id}",
        "COUNTERSIGN_HTTP__HOST": "127.0.0.1",
        "COUNTERSIGN_HTTP__PORT": str(run.http_port),
        "COUNTERSIGN_HTTP__WORKERS": str(api_processes),
        "COUNTERSIGN_SMTP__HOST": "127.0.0.1",
        "COUNTERSIGN_SMTP__PORT": str(run.smtp_port),
        "COUNTERSIGN_SMTP__FROM_ADDRESS": address(run, "countersign"),
        **_IMPATIENCE,
    }


def programs(folder: Folder, doors: Doors, worker_processes: int) -> Sequence[Program]:
    """What runs besides the demo itself, in the order in which it is started."""
    catcher = [
        sys.executable,
        "-m",
        "countersign.cli.demo.mail_catcher",
        str(doors.smtp.fileno()),
        str(folder.mail),
    ]
    workers = [f"worker-{number}" for number in range(1, worker_processes + 1)]
    commands = {"mail": catcher, "api": countersign("serve", "--listen-fd", str(doors.http.fileno()))}
    commands |= {name: countersign("work") for name in workers}
    commands |= {"scheduler": countersign("schedule")}
    return [Program(name, command, folder.logs / f"{name}.log") for name, command in commands.items()]


def countersign(*arguments: str) -> list[str]:
    """The command line of a subcommand, run by this very interpreter."""
    return [sys.executable, "-m", "countersign.cli.main", *arguments]


def installed_program() -> str:
    """How a person calls the `countersign` that this is."""
    script = Path(sys.executable).with_name("countersign")
    return str(script) if script.exists() else f"{sys.executable} -m countersign.cli.main"
