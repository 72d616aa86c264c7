"""`countersign jobs watch`: queues, workers and what waits for a person, on one screen that goes on."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.live import Live
from rich.text import Text

from countersign.cli.foundation import utc_now
from countersign.cli.jobs.letters import letters
from countersign.cli.jobs.workers import WORKER_COLUMNS, worker_rows
from countersign.cli.ledger import Ledger
from countersign.cli.listing import rows_table, rows_within
from countersign.cli.screen import console
from countersign.cli.status.queues import queue_standings
from countersign.eventstore.databases import Database
from countersign.eventstore.outage import DatabaseUnavailable
from countersign.projections.work.outward_hold import outward_hold
from countersign.workers.roll import Roll

_QUEUE_COLUMNS = ("queue", "waiting", "running", "retrying", "dead", "in_doubt", "overdue")
_LETTER_COLUMNS = ("job_id", "queue", "kind", "state", "since", "error")
_LETTERS_SHOWN = 10


def watch(opened: Ledger, given: argparse.Namespace) -> int:
    """Show it until Ctrl-C; once where nobody looks."""
    if not console.is_terminal:
        console.print(_screen(opened))
        return 0
    try:
        with Live(_screen(opened), console=console, screen=True, auto_refresh=False) as live:
            for screen in screens(opened, given.every):
                live.update(screen, refresh=True)
    except KeyboardInterrupt:
        return 0
    return 0


def screens(opened: Ledger, every_s: float) -> Iterator[RenderableType]:
    """One look after the other; while the database is away, what was seen last."""
    seen: RenderableType = ""
    while True:
        try:
            seen = _screen(opened)
        except DatabaseUnavailable as away:
            yield Group(Text(f"The database does not answer: {away}. What was seen last:\n"), seen)
        else:
            yield seen
        time.sleep(every_s)


def _held(read: Database) -> list[RenderableType]:
    hold = outward_hold(read)
    if hold is None:
        return []
    return [
        Text(f"Mail and webhooks are held since the restore from {hold.name}: `countersign backup release`\n")
    ]


def _screen(opened: Ledger) -> RenderableType:
    read, now = opened.databases.read, utc_now()
    waiting = letters(read)
    queues = [
        {
            "queue": each.queue,
            "waiting": each.waiting,
            "running": each.running,
            "retrying": each.retrying,
            "dead": each.dead,
            "in_doubt": each.in_doubt,
            "overdue": f"{each.overdue_s:.0f} s" if each.overdue_s else "",
        }
        for each in queue_standings(read, waiting, now)
    ]
    people = [
        {name: getattr(letter, name) for name in _LETTER_COLUMNS} for letter in waiting[:_LETTERS_SHOWN]
    ]
    parts: list[RenderableType] = [
        Text(f"Countersign at {now:%Y-%m-%d %H:%M:%S} UTC; Ctrl-C ends\n"),
        *_held(read),
        rows_table(_QUEUE_COLUMNS, queues, "Queues"),
        Text(""),
        rows_within(console.width, WORKER_COLUMNS, worker_rows(Roll(read, lambda: now).workers()), "Workers"),
    ]
    if people:
        title = f"Waits for a person: {len(waiting)} (`countersign jobs show ID`)"
        parts += [Text(""), rows_within(console.width, _LETTER_COLUMNS, people, title)]
    return Group(*parts)
