"""Stays with what was ordered about builds until it is done, and tells what became of it."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from time import monotonic

from countersign.cli.foundation import Foundation
from countersign.cli.projections.ordering import Answer
from countersign.cli.projections.outcome import Outcome, outcome_of
from countersign.cli.projections.progress import Shown, shown_progress
from countersign.cli.projections.verb import Exit
from countersign.cli.read_model_builder import read_model_builder
from countersign.cli.refusal import refuse
from countersign.cli.screen import show_json, show_json_line
from countersign.eventstore.databases import Database
from countersign.eventstore.wakeups import READ
from countersign.projections.building import builds
from countersign.projections.building.builds import Status
from countersign.projections.orders.impact import Order


def follow(base: Foundation, given: argparse.Namespace, answers: Sequence[Answer]) -> int:
    """Have the builds of these orders made and shown; the exit status is the worst of them."""
    accepted = [(one.projection, one.build, one.order) for one in answers if one.build and not one.refused]
    with shown_progress(quiet=given.json, lines_of_json=given.json_lines) as shown:
        outcomes = [_brought(base, given, *one, shown) for one in accepted]
        base.wakeups.signal(READ)
    refused = {answer.projection: answer.refused for answer in answers if answer.refused is not None}
    if given.json_lines:
        for outcome in outcomes:
            show_json_line(asdict(outcome))
    elif given.json:
        show_json(
            {"orders": list(map(asdict, answers)), "built": list(map(asdict, outcomes)), "refused": refused}
        )
    return _ended(outcomes, refused)


def _ended(outcomes: Sequence[Outcome], refused: Mapping[str, str | None]) -> int:
    for name, why in refused.items():
        refuse(f"{name}: {why}")
    found = {outcome.exit for outcome in outcomes} | ({Exit.REFUSED} if refused else set())
    return next((exit for exit in (Exit.REFUSED, Exit.DIFFERS, Exit.UNFINISHED) if exit in found), Exit.DONE)


def _brought(
    base: Foundation, given: argparse.Namespace, name: str, number: int, order: Order, shown: Shown
) -> Outcome:
    patience = _Patience(base.databases.read, name, number, given.timeout)
    progress, began = shown.of(name), monotonic()
    try:
        build = read_model_builder(base).bring(name, number, progress, patience)
    except KeyboardInterrupt:
        shown.say(
            f"{name}: build {number} is left to `countersign work`. `countersign projections rebuild {name}` "
            f"goes on with it here, `countersign projections cancel {name}` gives it up."
        )
        raise
    outcome = outcome_of(build, order)
    if outcome.position and order in (Order.REBUILD, Order.COMPARE):  # of a short log nothing was told before
        progress(outcome.position, outcome.position, outcome.position / (monotonic() - began))
    if outcome.exit is Exit.DONE:
        shown.say(outcome.done)
    elif not (given.json or given.json_lines):
        refuse(outcome.done)
    return outcome


class _Patience:
    """Ends when a finished build could not be shown for so many seconds."""

    def __init__(self, read: Database, name: str, number: int, timeout_s: float) -> None:
        self._read, self._name, self._number = read, name, number
        self._timeout_s = timeout_s
        self._finished_at: float | None = None

    def __call__(self) -> bool:
        with self._read.read() as connection:
            found = [one for one in builds.load(connection, [self._name]) if one.build == self._number]
        if [one.status for one in found] != [Status.FOLLOWING]:
            self._finished_at = None
            return False
        self._finished_at = self._finished_at or monotonic()
        return monotonic() - self._finished_at > self._timeout_s
