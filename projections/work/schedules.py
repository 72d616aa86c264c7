"""The schedules that people keep: when each is due next, and how its latest run went."""

from __future__ import annotations

from functools import singledispatch
from typing import Any

import msgspec
from sqlalchemy import Boolean, Column, Index, Integer, MetaData, String, Table, Text, Uuid

from countersign.aggregates.root import Root
from countersign.aggregates.schedule.runs import RunState
from countersign.aggregates.schedule.schedule import Schedule
from countersign.eventstore.mapper import Happened
from countersign.projections.columns import CanonicalJson, Instant
from countersign.projections.folding.rows import Rows

VERSION = 2
metadata = MetaData()
schedules = Table(
    f"schedules_v{VERSION}",
    metadata,
    Column("schedule_id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("owner", Uuid, nullable=False),
    Column("name", Text, nullable=False),
    Column("plan", CanonicalJson, nullable=False),
    Column("paused", Boolean, nullable=False),
    Column("paused_because", Text),
    Column("next_due_at", Instant),
    Column("run_id", Uuid),
    Column("run_due_at", Instant),
    Column("run_state", String(10)),
    Column("run_mails", Integer),
    Column("run_rows", Integer),
    Column("run_error", Text),
    Column("made_at", Instant, nullable=False),
)
Index(f"{schedules.name}_owner", schedules.c.owner)
Index(f"{schedules.name}_name", schedules.c.name, schedules.c.schedule_id)


@singledispatch
def project(event: Root.Event, meta: Happened, rows: Rows) -> None:
    """Only schedules are kept here."""


@project.register
def _(event: Schedule.Created, meta: Happened, rows: Rows) -> None:
    rows.insert(
        schedules,
        schedule_id=meta.stream,
        version=meta.version,
        owner=event.owner,
        name=event.plan.name,
        plan=msgspec.to_builtins(event.plan),
        paused=False,
        next_due_at=event.next_due_at,
        made_at=event.timestamp,
    )


@project.register
def _(event: Schedule.Changed, meta: Happened, rows: Rows) -> None:
    plan = msgspec.to_builtins(event.plan)
    _change(meta, rows, name=event.plan.name, plan=plan, next_due_at=event.next_due_at)


@project.register
def _(event: Schedule.Paused, meta: Happened, rows: Rows) -> None:
    _change(meta, rows, paused=True, paused_because=event.reason or None, next_due_at=None)


@project.register
def _(event: Schedule.Resumed, meta: Happened, rows: Rows) -> None:
    _change(meta, rows, paused=False, paused_because=None, next_due_at=event.next_due_at)


@project.register
def _(event: Schedule.Deleted, meta: Happened, rows: Rows) -> None:
    rows.delete(schedules, schedule_id=meta.stream)


@project.register
def _(event: Schedule.Missed, meta: Happened, rows: Rows) -> None:
    _change(meta, rows, next_due_at=event.next_due_at)


@project.register
def _(event: Schedule.Fired, meta: Happened, rows: Rows) -> None:
    run = {"run_id": event.run_id, "run_due_at": event.due_at, "run_state": RunState.RUNNING}
    unknown = {"run_mails": None, "run_rows": None, "run_error": None}
    _change(meta, rows, next_due_at=event.next_due_at, **run, **unknown)


@project.register
def _(event: Schedule.RunCompleted, meta: Happened, rows: Rows) -> None:
    went = {"run_state": RunState.SUCCEEDED, "run_mails": event.mails, "run_rows": event.rows}
    _settle(event.run_id, meta, rows, **went, run_error=None)


@project.register
def _(event: Schedule.RunFailed, meta: Happened, rows: Rows) -> None:
    _settle(event.run_id, meta, rows, run_state=RunState.FAILED, run_error=event.message)


def _change(meta: Happened, rows: Rows, **values: Any) -> None:
    rows.update(schedules, {"schedule_id": meta.stream}, version=meta.version, **values)


def _settle(run_id: Any, meta: Happened, rows: Rows, **went: Any) -> None:
    kept = rows.get(schedules, schedule_id=meta.stream)
    if kept is not None and kept["run_id"] == run_id:
        _change(meta, rows, **went)
