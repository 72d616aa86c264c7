"""An installation that is up, and more reports on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from threading import Barrier
from typing import TypeVar
from uuid import uuid4

import requests

from countersign.aggregates.role import Role
from countersign.cli.demo.client import Client
from countersign.cli.demo.drafting import DRAFTING
from countersign.cli.demo.journal import Journal
from countersign.cli.demo.people import cast
from countersign.cli.demo.reviewing import submit
from countersign.cli.demo.sample import Sample, load_sample
from countersign.cli.demo.scene import Scene
from tests.e2e.finished_job import FinishedJob

T = TypeVar("T")


@dataclass
class ServedJob:
    """The people of the finished job can go on with other reports."""

    job: FinishedJob
    held: requests.Session

    @property
    def url(self) -> str:
        return self.job.run.api_url

    def client(self, role: Role) -> Client:
        """Somebody in that role, signed in once more."""
        return Client(self.url, self.held).sign_in(cast(self.job.run)[role])

    @contextmanager
    def submitted(self) -> Iterator[Scene]:
        """Another report, in review at stage 1."""
        name = uuid4().hex[:8]
        with closing(Journal(self.job.folder.path / "demo" / f"{name}.jsonl")) as journal:
            scene = self._scene(name, journal)
            for step in DRAFTING[1:]:
                step.act(scene)
            submit(scene)
            yield scene

    def _scene(self, name: str, journal: Journal) -> Scene:
        run = self.job.run
        sample = load_sample()
        another = Sample({**sample.header, "document_reference": f"KAL-{name}"}, sample.sections)
        own_keys = replace(run, id=f"{run.id}-{name}")
        scene = Scene(own_keys, self.job.folder, another, cast(run), Client(self.url, self.held), journal)
        scene.accounts = {role: self.account(role) for role in Role if role is not Role.ADMINISTRATOR}
        return scene

    def account(self, role: Role) -> str:
        return str(self.job.answers[f"account-{role}"]["body"]["id"])


def at_once(*calls: Callable[[], T]) -> Sequence[T | Exception]:
    """What each call returned or raised; they begin at the same moment."""
    together = Barrier(len(calls))

    def begin(call: Callable[[], T]) -> T | Exception:
        together.wait()
        try:
            return call()
        except Exception as refused:  # noqa: BLE001 - what was refused, and how, is what the tests look at
            return refused

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(begin, calls))
