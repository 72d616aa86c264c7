"""How the service stands, as tables: what is behind, and what failed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from countersign.cli.listing import show_rows
from countersign.cli.screen import say
from countersign.cli.status.endpoints import EndpointStanding
from countersign.cli.status.keeping import Keeping
from countersign.cli.status.standing import Standing
from countersign.projections.catalogue import PROJECTIONS
from countersign.projections.following.positions import State

_ALL_PROJECTIONS: Final = f"projections ({len(PROJECTIONS)})"
_SHOWN_AT_MOST: Final = 10
_LONGEST: Final = 60
_MANY: Final = 4
"""So many that stand alike are one line, unless each is asked for."""


def show_progress(found: Standing, *, everything: bool) -> None:
    """How far everything is behind, and who works on it; `everything`: also what is level with the log."""
    if not found.roles:
        return
    say(f"WHAT IS BEHIND?  The log stands at position {found.head}.\n")
    _show_readers("projection", map(_lag_row, map(asdict, found.projections)), everything=everything)
    _show_readers("reaction", map(_reaction_row, map(asdict, found.reactions)), everything=everything)
    columns = ("queue", "waiting", "running", "retrying", "dead", "in_doubt")
    show_rows(columns, [asdict(queue) for queue in found.queues])
    say("")
    _show_endpoints(found.endpoints, everything=everything)
    show_rows(("role", "held_by"), list(_role_rows(found.roles)))
    say("")
    _show_keeping(found)


def _show_readers(kind: str, rows: Iterable[Mapping[str, Any]], *, everything: bool) -> None:
    found = list(rows)
    told = [
        row
        for row in found
        if everything or row["events_behind"] or row["state"] != State.RUNNING or row.get("letters")
    ]
    if told:
        columns = (kind, "position", "events_behind", "seconds_behind", "state")
        rows = told if everything else list(_in_groups(kind, told))
        show_rows((*columns, "letters") if kind == "projection" else columns, rows)
        say("")
    if len(told) < len(found):
        say(f"{len(found) - len(told)} {kind}s are level with the log (`--all` lists them).\n")


def _in_groups(kind: str, rows: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    alike: dict[tuple[Any, ...], list[Mapping[str, Any]]] = {}
    for row in rows:
        alike.setdefault(tuple(row[name] for name in ("position", "state")), []).append(row)
    for group in alike.values():
        stands = {**group[0], "letters": sum(row.get("letters") or 0 for row in group)}
        yield from group if len(group) < _MANY else [{**stands, kind: f"{len(group)} {kind}s"}]


def _show_endpoints(found: Sequence[EndpointStanding], *, everything: bool) -> None:
    told = [each for each in found if everything or not each.is_level]
    if told:
        rows = [{**asdict(each), "webhook": each.name, "state": each.state} for each in told]
        show_rows(("webhook", "state", "waiting", "given_up", "paused_at", "probe_at"), rows)
        say("")
    if len(told) < len(found):
        say(
            f"{len(found) - len(told)} {'webhook has' if len(found) - len(told) == 1 else 'webhooks have'} "
            "heard of everything (`--all` lists them).\n"
        )


def _show_keeping(found: Standing) -> None:
    workers = [
        {
            "worker": f"{seen.worker.host}:{seen.worker.pid}",
            "state": seen.state,
            "version": seen.worker.version,
            "since": seen.worker.since,
            "at_work_on": ", ".join(task.kind for task in seen.tasks),
        }
        for seen in found.keeping.workers
    ]
    if workers:
        show_rows(("worker", "state", "version", "since", "at_work_on"), workers)
        say("")
    if found.keeping.periodic:
        columns = ("kind", "rule", "next_due_at", "latest_run", "came_of_it")
        show_rows(columns, list(_periodic_rows(found.keeping)), "Periodic work")
        say("")
    if (last := found.keeping.last_whole) is not None:
        say(
            f"The newest backup is {last.name} of {last.finished_at:%Y-%m-%d %H:%M} UTC, "
            f"up to position {last.to_position}.\n"
        )


def _periodic_rows(keeping: Keeping) -> Iterator[dict[str, Any]]:
    for each in keeping.periodic:
        run = keeping.runs.get(each.kind)
        went = {"latest_run": run.ended_at, "came_of_it": run.says[:_LONGEST]} if run else {}
        yield {**asdict(each), **went}


def show_failures(found: Standing) -> None:
    """What was given up or is not known, what is not well, and the incidents that are not over."""
    rows = list(_failures(found))
    if not found.roles:
        return
    say("WHAT FAILED?" if rows else "WHAT FAILED?  Nothing.")
    if rows:
        say("")
        show_rows(("what", "since", "why", "see"), rows[:_SHOWN_AT_MOST])
        if len(rows) > _SHOWN_AT_MOST:
            say(f"and {len(rows) - _SHOWN_AT_MOST} more: `countersign jobs list --state failed`.")
    say("")


def _failures(found: Standing) -> Iterator[dict[str, Any]]:
    for incident in found.observed.incidents:
        what = f"{incident.severity} incident of {incident.component}, {incident.status}"
        see = f"countersign incidents show {incident.incident_id}"
        yield {"what": what, "since": incident.since, "why": incident.reading, "see": see}
    told = {incident.component for incident in found.observed.incidents}
    for component in found.observed.components:
        if not component.condition.is_well and component.component not in told:
            what = f"{component.component} {component.condition}"
            yield {"what": what, "since": component.since, "why": component.says, "see": "below"}
    for letter in found.letters:
        what = f"{letter.kind} {letter.state.replace('_', ' ')}"
        see = f"countersign jobs show {letter.job_id}"
        yield {"what": what, "since": letter.since, "why": letter.error, "see": see}


def _lag_row(lag: Mapping[str, Any]) -> dict[str, Any]:
    stands = {name: lag[name] for name in ("position", "state", "letters")}
    return {"projection": lag["name"], **_distance(lag), **stands}


def _reaction_row(reaction: Mapping[str, Any]) -> dict[str, Any]:
    begun = "not begun" if reaction["position"] is None else "running"
    state = "failed" if reaction["error"] else begun
    return {
        "reaction": reaction["name"],
        **_distance(reaction),
        "position": reaction["position"],
        "state": state,
    }


def _distance(one: Mapping[str, Any]) -> dict[str, Any]:
    return {"events_behind": one["events"], "seconds_behind": round(one["seconds"], 1)}


def _role_rows(roles: Mapping[str, str | None]) -> Iterator[dict[str, str]]:
    together = {role for role in roles if role.startswith("projection:")}
    owners = {roles[role] for role in together}
    if len(owners) == 1:
        yield {"role": _ALL_PROJECTIONS, "held_by": next(iter(owners)) or "nobody"}
    for role, holder in roles.items():
        if len(owners) > 1 or role not in together:
            yield {"role": role, "held_by": holder or "nobody"}
