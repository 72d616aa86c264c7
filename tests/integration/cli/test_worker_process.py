"""A real worker process: exchanged for a new one, and told to stop while something takes long."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import uuid4

from countersign.aggregates.email_contents import EmailPurpose
from countersign.cli.foundation import Foundation, foundation, utc_now
from countersign.commands.email.queue_email import QueueEmail
from countersign.commands.maintenance.due_maintenance import DueMaintenance
from countersign.config.layers import load_settings
from countersign.eventstore.context import SYSTEM, Context
from countersign.workers.effect import State
from countersign.workers.effect_board import EffectBoard, Listed
from countersign.workers.workers_table import Workers
from tests.integration.cli.long_lived import Reloadable

DRAIN_S = 1.0


@contextmanager
def opened(site: Reloadable) -> Iterator[Foundation]:
    valid = {name: text for name, text in site.environment.items() if name != "COUNTERSIGN_CONFIG_DIR"}
    with foundation(load_settings(valid)) as base:
        yield base


def plan_a_mail(base: Foundation) -> None:
    command = QueueEmail(
        purpose=EmailPurpose.PASSWORD_CHANGED,
        cause=uuid4(),
        subject=uuid4(),
        name="Ada",
        to="ada@example.com",
        facts={"at": "2026-03-02 09:30 UTC"},
    )
    base.dispatcher.dispatch(command, Context(actor=SYSTEM, command_key=str(uuid4()), correlation="test"))


def have_due(base: Foundation, kind: str) -> None:
    command = DueMaintenance(kind=kind, due_at=utc_now())
    base.dispatcher.dispatch(command, Context(actor=SYSTEM, command_key=str(uuid4()), correlation="test"))


def effects_of(base: Foundation, kind: str) -> list[Listed]:
    return [each for each in EffectBoard(base.databases.read).listed() if each.kind == kind]


def test_a_worker_is_exchanged_after_so_much_work_and_loses_nothing(tmp_path: Path) -> None:
    site = Reloadable(tmp_path, COUNTERSIGN_EFFECTS__RECYCLE_AFTER="1")
    with opened(site) as base, site.running("work", "--only", "reactions,maintenance") as worker:
        roll = Workers(base.databases.read)
        worker.wait_until(lambda: bool(roll.all()))
        (first,) = roll.all()
        have_due(base, "spring_clean")
        worker.wait_for("begins anew")
        have_due(base, "autumn_clean")
        worker.wait_until(lambda: any(each.since > first.since for each in roll.all()))
        (exchanged,) = roll.all()
        worker.wait_until(
            lambda: [each.state for each in effects_of(base, "maintain")] == [State.DEAD, State.DEAD]
        )

    assert (exchanged.pid, exchanged.parts) == (worker.process.pid, ("reactions", "maintenance"))
    assert exchanged.name != first.name


def test_a_worker_that_is_told_to_stop_lets_go_of_what_takes_too_long(tmp_path: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        site = Reloadable(
            tmp_path,
            COUNTERSIGN_EFFECTS__DRAIN_S=str(DRAIN_S),
            COUNTERSIGN_SMTP__PORT=str(silent.getsockname()[1]),
        )
        with opened(site) as base, site.running("work", "--only", "reactions,mail") as worker:
            plan_a_mail(base)
            worker.wait_until(
                lambda: [each.state for each in effects_of(base, "deliver_email")] == [State.CLAIMED]
            )
            began = time.monotonic()
            worker.process.terminate()
            worker.process.wait(10)
            took_s = time.monotonic() - began

            (given_back,) = effects_of(base, "deliver_email")
            assert (given_back.state, given_back.attempts, given_back.crashes) == (State.READY, 0, 0)
            assert Workers(base.databases.read).all() == []

    assert DRAIN_S <= took_s < DRAIN_S + 4
    assert worker.process.returncode == 0
    assert "work was let go" in worker.said
