"""`countersign status`: is it healthy, what is behind, what waits, and what to do."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

import requests

from countersign.cli.foundation import utc_now
from countersign.cli.invocation import Invocation, Subcommand
from countersign.cli.ledger import ledger_with
from countersign.cli.listing import show_rows
from countersign.cli.screen import say, show_json
from countersign.cli.status.advice import problems
from countersign.cli.status.neighbours import Neighbour, Visit, visited
from countersign.cli.status.problem import Component, Problem, broken
from countersign.cli.status.standing import Standing, standing
from countersign.config.settings import Settings
from countersign.eventstore.outage import DatabaseUnavailable
from countersign.projections.catalogue import PROJECTIONS

_ALL_PROJECTIONS: Final = f"projections ({len(PROJECTIONS)})"
_API_TIMEOUT_S: Final = 2.0


def run(invocation: Invocation) -> int:
    """Show it; 0 when healthy, 1 when there is something to do."""
    found, visit, wrong = _look(invocation.settings)
    address = invocation.settings.http.public_url
    answers = _answers(address)
    if invocation.arguments.json:
        api = {"url": address, "answers": answers}
        told = {"problems": list(map(asdict, wrong)), "components": list(map(asdict, visit.neighbours))}
        show_json({"healthy": not wrong, **told, "api": api, **asdict(found)})
    else:
        _show(found)
        _show_neighbours(visit.neighbours)
        say(f"The API {'answers' if answers else 'does not answer'} at {address}.")
        _conclude(wrong)
    return 1 if wrong else 0


def _look(settings: Settings) -> tuple[Standing, Visit, tuple[Problem, ...]]:
    with visited(settings) as visit:
        found, wrong = _look_further(settings, visit)
    return found, visit, (*wrong, *visit.problems)


def _look_further(settings: Settings, visit: Visit) -> tuple[Standing, tuple[Problem, ...]]:
    nothing = Standing(at=utc_now(), roles={})
    if not visit.lets_in:
        remedy = "It comes back with Vault; until then `/readyz` of a running server says more."
        return nothing, (
            broken(
                Component.DATABASE, "The database cannot be looked at: its users come from Vault.", remedy
            ),
        )
    try:
        with ledger_with(settings, visit.vault) as opened:
            found = standing(opened)
    except DatabaseUnavailable as away:
        remedy = "Start the database or mend the way to it; `countersign doctor` says more."
        return nothing, (broken(Component.DATABASE, f"The database is not to be had: {away}", remedy),)
    return found, problems(found)


def _answers(address: str) -> bool:
    """Only told: the API may run on machines that cannot be reached from here."""
    try:
        return requests.get(f"{address}/livez", timeout=_API_TIMEOUT_S).ok
    except requests.RequestException:
        return False


def _show(found: Standing) -> None:
    if not found.roles:
        return
    say(f"The log stands at position {found.head} ({found.at:%Y-%m-%d %H:%M:%S} UTC).\n")
    show_rows(
        ("projection", "position", "events_behind", "seconds_behind", "state", "letters"),
        [_lag_row(asdict(lag)) for lag in found.projections],
    )
    say("")
    show_rows(
        ("reaction", "position", "events_behind", "seconds_behind", "state"),
        [_reaction_row(asdict(reaction)) for reaction in found.reactions],
    )
    say("")
    columns = ("queue", "waiting", "running", "retrying", "dead", "in_doubt")
    show_rows(columns, [asdict(queue) for queue in found.queues])
    say("")
    show_rows(("role", "held_by"), list(_role_rows(found.roles)))
    say("")


def _show_neighbours(neighbours: Sequence[Neighbour]) -> None:
    if neighbours:
        show_rows(("name", "state", "says"), [asdict(neighbour) for neighbour in neighbours])
        say("")


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


def _conclude(wrong: tuple[Problem, ...]) -> None:
    if not wrong:
        say("\nHealthy.")
        return
    say(f"\nNot healthy: {len(wrong)} {'thing' if len(wrong) == 1 else 'things'} to do.")
    for problem in wrong:
        say(f"  - {problem.what}\n    {problem.remedy}")


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON document, for scripts")


SUBCOMMAND = Subcommand(
    name="status",
    summary="is it healthy, what is behind, and what to do",
    description="Show how the service stands: the lag of each read table and reaction, the queues, mails in "
    "doubt, which processes hold the elected roles, Vault and the TLS certificate. It works while the API is "
    "down and without the keys. Exit status 0 means healthy, 1 that there is something to do.",
    run=run,
    add_arguments=_add_arguments,
)
