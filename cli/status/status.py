"""`countersign status`: is it healthy, what is behind, what waits, and what to do."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict
from typing import Final

import requests

from countersign.cli.foundation import utc_now
from countersign.cli.invocation import Invocation, Subcommand
from countersign.cli.ledger import ledger_with
from countersign.cli.listing import show_rows
from countersign.cli.screen import say, show_json
from countersign.cli.status.advice import problems
from countersign.cli.status.neighbours import Neighbour, Visit, visited
from countersign.cli.status.problem import Component, Problem, broken
from countersign.cli.status.shown import show_failures, show_progress
from countersign.cli.status.standing import Standing, standing
from countersign.config.settings import Settings
from countersign.eventstore.outage import DatabaseUnavailable
from countersign.projections.health.reading import Condition

_API_TIMEOUT_S: Final = 2.0


def run(invocation: Invocation) -> int:
    """Show it; 0 when healthy, 1 when there is something to do."""
    found, visit, wrong = _look(invocation.settings)
    address = invocation.settings.http.public_url
    answers = _answers(address)
    if invocation.arguments.json:
        api = {"url": address, "answers": answers}
        told: dict[str, object] = {
            "problems": list(map(asdict, wrong)),
            "components": list(map(asdict, visit.neighbours)),
        }
        told["backups_are_made"] = bool(invocation.settings.backup.target)
        show_json({"healthy": not wrong, **told, "api": api, **asdict(found)})
    else:
        _headline(found, wrong)
        show_progress(found, everything=invocation.arguments.all)
        if not invocation.settings.backup.target:
            say("No backups are made: set backup.target (docs/backup.md).\n")
        _show_neighbours(visit.neighbours)
        show_failures(found)
        say(_of_the_api(address, answers=answers))
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


def _of_the_api(address: str, *, answers: bool) -> str:
    if answers:
        return f"The API answers at {address}."
    return (
        f"From here, the API gives no answer at {address} (http.public_url). Where it should run, start "
        "`countersign serve`."
    )


def _headline(found: Standing, wrong: Sequence[Problem]) -> None:
    number = len(wrong)
    verdict = f"No: {number} {'thing' if number == 1 else 'things'} to do, below." if wrong else "Yes."
    say(f"IS IT HEALTHY?  {verdict}  ({found.at:%Y-%m-%d %H:%M:%S} UTC)\n")


def _show_neighbours(neighbours: Sequence[Neighbour]) -> None:
    if neighbours:
        show_rows(("name", "state", "says"), [asdict(neighbour) for neighbour in neighbours])
        say("")


def _conclude(wrong: tuple[Problem, ...]) -> None:
    say("\nWHAT SHOULD I DO?")
    if not wrong:
        say("Nothing. Healthy.")
        return
    for problem in sorted(wrong, key=lambda each: each.condition is not Condition.FAILED):
        say(f"  - {problem.what}\n    {problem.remedy}")


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON document, for scripts")
    parser.add_argument("--all", action="store_true", help="list what is level with the log, too")


SUBCOMMAND = Subcommand(
    name="status",
    summary="is it healthy, what is behind, and what to do",
    description="Answer four questions: is it healthy, what is behind (each read table, reaction and queue), "
    "what failed (work that was given up, mails in doubt, components that are not well, incidents), and what "
    "should I do, with the command for each. It works while the API is down and without the keys. Exit "
    "status 0 means healthy, 1 that there is something to do.",
    run=run,
    add_arguments=_add_arguments,
)
