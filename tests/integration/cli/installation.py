"""An installation made by `countersign init`, and its command line in this process."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from countersign.cli.foundation import Foundation, foundation
from countersign.cli.main import main
from countersign.config.layers import load_settings
from countersign.config.settings import Settings
from countersign.eventstore.leases import Leases
from countersign.projections.catalogue import PROJECTIONS
from countersign.projections.following.runner import Runner
from countersign.workers import reaction_checkpoints
from countersign.workers.reactions.catalogue import reactions
from tests.integration.projections.story import Story

ADMINISTRATOR, PASSWORD = "ada@example.com", "correct horse battery"


@dataclass(frozen=True)
class Said:
    """What one call of the command line left behind."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Installation:
    """`database_url` is empty for SQLite in the folder."""

    def __init__(
        self,
        folder: Path,
        database_url: str,
        capsys: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        self.folder = folder
        self.database_url = database_url
        self.environment = "testing"
        self.capsys = capsys
        self.monkeypatch = monkeypatch
        self._options = ["--data-dir", str(folder)]
        self._options += ["--database-url", database_url] if database_url else []
        overrides: dict[str, object] = {"data_dir": str(folder)}
        if database_url:
            overrides["database.url"] = database_url
        self.settings: Settings = load_settings({"COUNTERSIGN_ENV": "testing"}, overrides)

    def run(self, verb: str, *arguments: str, typed: str = "") -> Said:
        """One call, with something typed into standard input."""
        self.monkeypatch.setenv("COUNTERSIGN_ENV", self.environment)
        self.monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        self.capsys.readouterr()
        status = main([verb, *arguments, *self._options])
        return Said(status, *self.capsys.readouterr())

    def init(self) -> None:
        said = self.run("init", "--admin-email", ADMINISTRATOR, "--admin-password-stdin", typed=PASSWORD)
        assert said.status == 0, said.err

    @contextmanager
    def opened(self) -> Iterator[Foundation]:
        with foundation(self.settings) as base:
            yield base

    @contextmanager
    def story(self) -> Iterator[Story]:
        """A way to let things happen, under the keys of the installation."""
        with self.opened() as base:
            story = Story(base.databases, base.wakeups)
            story.store = base.store
            yield story

    def project(self) -> None:
        """Bring the read tables up to the log, and leave their roles."""
        with self.opened() as base:
            runner = runner_of(base)
            runner.catch_up()
            runner.release()

    @contextmanager
    def at_work(self) -> Iterator[Foundation]:
        """As if workers and scheduler ran, with nothing left to do."""
        with self.opened() as base:
            runner = runner_of(base)
            runner.catch_up()
            names = [reaction.name for reaction in reactions()]
            with base.databases.read.write() as connection:
                reaction_checkpoints.begin(connection, names, 0)
                reached = update(reaction_checkpoints.checkpoints).values(position=base.log.head())
                connection.execute(reached)
            leases = Leases(base.databases.read)
            held = [leases.acquire(role, "worker-1", 60.0) for role in ("reactions", "scheduler")]
            yield base
            for lease in held:
                assert lease is not None
                leases.release(lease)
            runner.release()


def runner_of(base: Foundation) -> Runner:
    read = base.databases.read
    decode = base.store.mapper.happened
    return Runner(base.log, decode, read, Leases(read), base.wakeups, PROJECTIONS, "worker-1")
