"""Orders about read tables, as they are typed."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from typing import Any

from countersign.aggregates.read_model import read_model_id
from countersign.eventstore.mapper import Happened
from tests.integration.cli.installation import ADMINISTRATOR, PASSWORD, Installation, Said
from tests.integration.projections.journal import MANAGER

WHY = "the rows are in doubt"


ORDER = ("--reason", WHY, "--as", ADMINISTRATOR, "--password-stdin")


def happen(installation: Installation, *, live: bool = False) -> None:
    """Something in every table; `live` ones see the mail before they see it sent."""
    with installation.story() as story:
        report = story.report()
        story.section_saved(report, "summary", {"text": "All is well."})
        story.submitted(report)
        mail = story.mail(story.stage_opened(report), MANAGER)
        if live:
            installation.project()
        story.mail_sent(mail)
        rendering = story.rendering(report)
        story.rendered(rendering)


def order(installation: Installation, verb: str, *arguments: str) -> Said:
    """An order with a reason, of the administrator, for a script."""
    return installation.run("projections", verb, *arguments, *ORDER, "--json", typed=PASSWORD)


def forge(installation: Installation) -> None:
    with installation.opened() as base, base.databases.read.write() as connection:
        connection.exec_driver_sql("UPDATE report_register_v1 SET title = 'forged'")


def ordered(installation: Installation, name: str = "people") -> list[Happened]:
    with installation.opened() as base:
        recorded = base.log.stream(read_model_id(name))
        return [base.store.mapper.happened(each) for each in recorded]


def head(installation: Installation) -> int:
    with installation.opened() as base:
        return base.log.head()


def shown(installation: Installation, name: str = "report_register") -> dict[int, Any]:
    found = installation.run("projections", "show", name, "--json").json
    return {build["build"]: build for build in found["builds"]}


def on_a_terminal(*arguments: str, typed: str = "") -> str:
    leader, follower = pty.openpty()
    os.write(leader, typed.encode())
    command = [sys.executable, "-m", "countersign.cli.main", *arguments]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "120", "COUNTERSIGN_ENV": "testing"}
    with subprocess.Popen(
        command, stdin=follower, stdout=follower, stderr=follower, env=environment
    ) as process:
        os.close(follower)
        told = b"".join(iter(lambda: _read(leader), b""))
        process.wait(60)
    os.close(leader)
    return told.decode()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65_536)
    except OSError:  # its last user is gone
        return b""
