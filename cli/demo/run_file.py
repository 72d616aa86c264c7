"""What makes one run of the demo: written once, read again when the run goes on."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from countersign.aggregates.role import Role
from countersign.cli.demo.durable_file import replace_file

_HOST: Final = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Run:
    """`passwords` by role, `database_url` and `redis_url` empty for the embedded default."""

    id: str
    http_port: int
    smtp_port: int
    database_url: str
    redis_url: str
    passwords: Mapping[str, str]

    @property
    def api_url(self) -> str:
        """Where the API answers."""
        return f"http://{_HOST}:{self.http_port}"


@dataclass(frozen=True, slots=True)
class Folder:
    """The data folder of a run, and what the demo keeps in it beside the service's own data."""

    path: Path

    @property
    def run_file(self) -> Path:
        """The run: its passwords, ports and databases."""
        return self._own / "run.json"

    @property
    def journal(self) -> Path:
        """Every request of the run with its answer."""
        return self._own / "journal.jsonl"

    @property
    def processes(self) -> Path:
        """The processes that run for it now."""
        return self._own / "processes.json"

    @property
    def lock(self) -> Path:
        """Held while a demo runs on this folder."""
        return self._own / "lock"

    @property
    def logs(self) -> Path:
        """The output of each process."""
        return self.path / "logs"

    @property
    def mail(self) -> Path:
        """The mails that were sent."""
        return self.path / "mail"

    @property
    def documents(self) -> Path:
        """The documents that were downloaded."""
        return self.path / "documents"

    @property
    def _own(self) -> Path:
        return self.path / "demo"

    def create(self) -> None:
        """Make what is not there, for its owner alone."""
        for folder in (self.path, self._own, self.logs, self.mail, self.documents):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)


def new_run(run_id: str, database_url: str, redis_url: str) -> Run:
    """A run that has not begun; it gets its ports when its doors are opened."""
    passwords = {role.value: _password() for role in Role}
    return Run(run_id, 0, 0, database_url, redis_url, passwords)


def _password() -> str:
    # Without vowels, no name can be read in it, which the service would refuse.
    return "".join(secrets.choice("bcdfghjkmnpqrstvwxz23456789") for _ in range(20))


def load_run(path: Path) -> Run:
    """The run of a folder."""
    return Run(**json.loads(path.read_bytes()))


def save_run(path: Path, run: Run) -> None:
    """Keep the run; the file holds passwords."""
    replace_file(path, json.dumps(asdict(run), indent=1).encode())
