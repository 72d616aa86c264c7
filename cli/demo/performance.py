"""One performance of the demo: set up, start everything, do the job, show what came of it."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass

from countersign.aggregates.role import Role
from countersign.cli.demo.client import Client, connections
from countersign.cli.demo.doors import Doors
from countersign.cli.demo.environment import countersign, environment, programs
from countersign.cli.demo.journal import Journal
from countersign.cli.demo.people import cast
from countersign.cli.demo.process_table import ProcessTable
from countersign.cli.demo.run_file import Folder, Run
from countersign.cli.demo.sample import load_sample
from countersign.cli.demo.scene import Scene
from countersign.cli.demo.story import shown, tell
from countersign.cli.demo.summary import show_summary, way_on
from countersign.cli.demo.supervision import Supervision
from countersign.cli.screen import say


class NotSetUp(Exception):
    """The installation could not be made."""


@dataclass(frozen=True, slots=True)
class Performance:
    """A run in its folder, and how many processes of a kind it takes."""

    run: Run
    folder: Folder
    doors: Doors
    api_processes: int
    worker_processes: int

    def give(self, *, keep_serving: bool) -> None:
        """Do everything; what an earlier performance of the run has done already is not done again.

        Raises:
            NotSetUp, ProcessBroken, StepFailed, Unreachable: saying why it did not work.
        """
        around = environment(self.run, self.folder, self.api_processes)
        with shown("Set up keys, tables, report types and the first administrator"):
            self._set_up(around)
        cases = programs(self.folder, self.doors, self.worker_processes)
        table = ProcessTable(self.folder.processes)
        with (
            Supervision(cases, around, table, self.doors.descriptors) as services,
            closing(Journal(self.folder.journal)) as journal,
            connections() as held,
        ):
            client = Client(self.run.api_url, held, require_healthy=services.require_healthy)
            with shown(f"Start {', '.join(program.name for program in cases)}"):
                client.get("/readyz")
            scene = Scene(self.run, self.folder, load_sample(), cast(self.run), client, journal)
            tell(scene)
            show_summary(scene, serving=keep_serving)
            if keep_serving:
                self._serve(services)

    def _serve(self, services: Supervision) -> None:
        later = way_on(self.run, self.folder, "demo")
        say(f"\nServing at {self.run.api_url} until Ctrl-C. Later again with:\n  {later}")
        try:
            while True:
                time.sleep(1)
                services.require_healthy()
        except KeyboardInterrupt:
            say("Ending the processes.")

    def _set_up(self, around: Mapping[str, str]) -> None:
        person = cast(self.run)[Role.ADMINISTRATOR]
        who = ["--admin-name", person.name, "--admin-email", person.email, "--admin-password-stdin"]
        done = subprocess.run(  # noqa: S603 - this very program
            countersign("init", *who),
            env=around,
            input=f"{person.password}\n",
            capture_output=True,
            text=True,
            check=False,
        )
        (self.folder.logs / "init.log").write_text(done.stdout + done.stderr, encoding="utf-8")
        if done.returncode:
            raise NotSetUp(f"countersign init ended with status {done.returncode}: {done.stderr.strip()}")
