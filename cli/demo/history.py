"""The history of the report, as its timeline reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, Final

from rich.table import Table

from countersign.aggregates.role import Role
from countersign.cli.demo.scene import Scene

_SECTION_SAVED: Final = "report.section_saved"
_ON_THE_WAY: Final = frozenset({"rendering.started", "email.attempted"})
"""What was begun, of which another line tells the end."""
_MOST_ON_A_PAGE: Final = 200

Happening = Mapping[str, Any]


def history_of(scene: Scene) -> Sequence[Happening]:
    """Everything that happened to the report, as an auditor sees it."""
    return list(_pages(scene))


def timeline(happenings: Sequence[Happening]) -> Table:
    """When, who and what; sections that one person saved one after the other are one line."""
    table = Table(title="What happened", title_justify="left", box=None, pad_edge=False)
    for column in ("at (UTC)", "who", "what"):
        table.add_column(column, overflow="fold")
    told = [each for each in happenings if each["action"] not in _ON_THE_WAY]
    for (action, who), group in groupby(told, lambda each: (each["action"], each["actor"]["name"])):
        some = list(group)
        if action == _SECTION_SAVED and len(some) > 1:
            table.add_row(_time(some[0]), who or "the service", f"{len(some)} sections saved")
        else:
            for each in some:
                table.add_row(_time(each), who or "the service", each["summary"])
    return table


def _pages(scene: Scene) -> Iterator[Happening]:
    cursor: dict[str, Any] = {}
    while True:
        page = scene.desk(Role.AUDITOR).get(f"{scene.report_path}/history", limit=_MOST_ON_A_PAGE, **cursor)
        yield from page.body["items"]
        if page.body["next_cursor"] is None:
            return
        cursor = {"cursor": page.body["next_cursor"]}


def _time(happening: Happening) -> str:
    return f"{datetime.fromisoformat(happening['at']):%H:%M:%S.%f}"[:-3]
