"""The screen of the background work, while there is nothing to be seen."""

from __future__ import annotations

from io import StringIO
from itertools import islice

from rich.console import Console

from countersign.cli.jobs.watching import screens
from countersign.cli.ledger import Ledger
from countersign.eventstore.databases import DatabaseOptions, Databases
from countersign.eventstore.open_log import open_log
from countersign.eventstore.wakeups import NoWakeups


def test_it_outlives_a_database_that_is_away() -> None:
    away = Databases(DatabaseOptions(url="postgresql://nobody@127.0.0.1:1/none"))
    said = Console(file=StringIO(), width=200)
    try:
        ledger = Ledger(away, NoWakeups("a test"), open_log(away, NoWakeups("a test")))
        for screen in islice(screens(ledger, 0.0), 2):
            said.print(screen)
    finally:
        away.close()

    assert isinstance(said.file, StringIO)
    assert said.file.getvalue().count("The database does not answer") == 2
