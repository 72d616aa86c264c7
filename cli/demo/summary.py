"""What the demo ends with: the history, where everything lies, who may sign in, and what to try next."""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence

from rich.table import Table

from countersign.aggregates.role import Role
from countersign.cli.demo.environment import installed_program
from countersign.cli.demo.history import history_of, timeline
from countersign.cli.demo.run_file import Folder, Run
from countersign.cli.demo.scene import Scene
from countersign.cli.screen import console, say


def show_summary(scene: Scene, *, serving: bool) -> None:
    """Print it; what asks the API only where it goes on `serving`."""
    for part in (timeline(history_of(scene)), _places(scene, serving=serving), _log_ins(scene)):
        console.print()
        console.print(part)
    say("\nTry this:")
    for command in _commands(scene, serving=serving):
        say(f"  {command}")


def way_on(run: Run, folder: Folder, verb: str) -> str:
    """A command line for the installation of this run."""
    database = ["--database-url", run.database_url] if run.database_url and verb != "demo" else []
    return f"{installed_program()} {verb} " + shlex.join(["--data-dir", str(folder.path), *database])


def _places(scene: Scene, *, serving: bool) -> Table:
    run, folder = scene.run, scene.folder
    table = Table(title="Where everything lies", title_justify="left", box=None, pad_edge=False)
    table.show_header = False
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    mails = len(list(folder.mail.glob("*.eml")))
    answering = (("the API", run.api_url), ("its documentation", f"{run.api_url}/docs")) if serving else ()
    for what, where in (
        ("the document", scene.document),
        (f"{mails} mails", folder.mail),
        ("the log files", folder.logs),
        ("data and keys", folder.path),
        *answering,
    ):
        table.add_row(what, str(where))
    return table


def _log_ins(scene: Scene) -> Table:
    table = Table(title="One log-in for each role", title_justify="left", box=None, pad_edge=False)
    for column in ("role", "e-mail", "password"):
        table.add_column(column, no_wrap=True)
    for role, person in scene.people.items():
        table.add_row(role.replace("_", " "), person.email, person.password)
    return table


def _commands(scene: Scene, *, serving: bool) -> Sequence[str]:
    run, folder, engineer = scene.run, scene.folder, scene.people[Role.ENGINEER]
    credentials = json.dumps({"email": engineer.email, "password": engineer.password})
    number = shlex.quote(scene.report(Role.ENGINEER)["document_number"])
    log_in = ["curl", "-s", "-H", "Content-Type: application/json", "-d", credentials]
    log_in.append(f"{run.api_url}/v1/auth/login")
    asking = shlex.join(log_in) if serving else way_on(run, folder, "demo")
    return (asking, way_on(run, folder, f"timeline {number}"), way_on(run, folder, "jobs"))
