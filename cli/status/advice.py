"""What is wrong with how the service stands, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from countersign.cli.jobs.letters import DEAD, IN_DOUBT
from countersign.cli.spans import span_of
from countersign.cli.status.endpoints import problems_of_endpoints
from countersign.cli.status.keeping import problems_of_keeping
from countersign.cli.status.observed import problems_observed
from countersign.cli.status.overdue import problems_of_waiting
from countersign.cli.status.problem import Component, Problem, broken, strained
from countersign.cli.status.standing import ReactionStanding, Standing
from countersign.projections.following.lag import Lag
from countersign.projections.following.positions import State
from countersign.workers import reaction_runner, schedule

LONGEST_LAG_S: Final = 60.0
_LOG: Final = "log.events"
_NAMED: Final = 3


def problems(standing: Standing) -> tuple[Problem, ...]:
    """Everything that an operator should see to; nothing means healthy."""
    if not standing.is_set_up:
        return (
            broken(
                Component.DATABASE,
                _not_set_up(standing.missing),
                "Run `countersign init` with the same settings, or name the right --data-dir "
                "or --database-url.",
            ),
        )
    found = tuple(_found(standing))
    told = {problem.component for problem in found}
    return (*found, *problems_observed(standing.observed, standing.at, told))


def _not_set_up(missing: Sequence[str]) -> str:
    named = ", ".join(missing[:_NAMED]) + (" and others" if len(missing) > _NAMED else "")
    what = "Nothing is set up here" if _LOG in missing else "This is not set up for this version"
    return f"{what}: no {named}."


def _found(standing: Standing) -> Iterator[Problem]:
    for look in (_missing, _nobody, _failed, _paused, _undecided, _stale, _behind):
        yield from look(standing)
    yield from problems_of_waiting(standing)
    yield from _letters(standing)
    yield from problems_of_endpoints(standing.endpoints, standing.at)
    held = [role for role, holder in standing.roles.items() if holder is not None]
    yield from problems_of_keeping(standing.keeping, held, standing.at)


def _missing(standing: Standing) -> Iterator[Problem]:
    if standing.missing:
        yield broken(
            Component.READ_TABLES,
            f"Read tables are missing: {', '.join(standing.missing)}.",
            "Run `countersign projections rebuild all`: the log has everything that was in them.",
        )


def _nobody(standing: Standing) -> Iterator[Problem]:
    vacant = [role for role, holder in standing.roles.items() if holder is None]
    if schedule.ROLE in vacant:
        yield broken(Component.SCHEDULE, "Nobody keeps the schedule.", "Start `countersign schedule`.")
    if len(vacant) - (schedule.ROLE in vacant) == len(standing.roles) - 1:
        yield broken(
            Component.WORKERS,
            "No worker is running: nothing is listed, rendered or mailed.",
            "Start `countersign work`.",
        )
        return
    if reaction_runner.ROLE in vacant:
        yield broken(
            Component.REACTIONS,
            "Nobody runs the reactions: no document is ordered, no mail planned.",
            "Start `countersign work`, or one with `--only reactions`.",
        )
    if ownerless := dict.fromkeys(role.split(":")[1] for role in vacant if ":" in role):
        yield broken(
            Component.READ_TABLES,
            f"Nobody keeps these read tables: {', '.join(ownerless)}.",
            "Start `countersign work`, or one with `--only projections`.",
        )


def _failed(standing: Standing) -> Iterator[Problem]:
    for lag in standing.projections:
        if lag.state is State.FAILED:
            place = "" if lag.failed_position is None else f" at position {lag.failed_position}"
            yield broken(
                Component.READ_TABLES,
                f"The projection {lag.name} has stopped{place}: {_first_line(lag.error)}.",
                f"Mend the cause, then `countersign projections resume {lag.name}`; after an upgrade that "
                f"changed its tables, `countersign projections rebuild {lag.name}`.",
            )
    for reaction in standing.reactions:
        if reaction.error:
            yield broken(
                Component.REACTIONS,
                f"The reaction {reaction.name} has stopped {reaction.error}.",
                "Mend the cause (often: install the version that wrote the event), then restart "
                "`countersign work`.",
            )


def _paused(standing: Standing) -> Iterator[Problem]:
    for lag in standing.projections:
        if lag.state is State.PAUSED and lag.seconds > LONGEST_LAG_S:
            yield strained(
                Component.READ_TABLES,
                f"The projection {lag.name} is paused, {lag.events} events or {span_of(lag.seconds)} behind.",
                f"`countersign projections resume {lag.name}` lets it go on; the audit log tells who paused "
                "it, and why.",
            )


def _undecided(standing: Standing) -> Iterator[Problem]:
    for build in standing.undecided:
        yield strained(
            Component.READ_TABLES,
            f"Build {build.build} of {build.name} waits for a decision: {_first_line(build.note)}.",
            f"`countersign projections show {build.name} --build {build.build}` tells what differs; then "
            "promote it or cancel it.",
        )


def _stale(standing: Standing) -> Iterator[Problem]:
    lacking = [lag for lag in standing.projections if lag.letters]
    for lag in lacking:
        events = "1 event" if lag.letters == 1 else f"{lag.letters} events"
        keys = "1 key" if lag.parked_keys == 1 else f"{lag.parked_keys} keys"
        yield broken(
            Component.READ_TABLES,
            f"The read table {lag.name} lacks {events} of {keys}: its rows of those say that they are stale.",
            f"`countersign projections dead-letters list {lag.name}` shows why. Mend the cause, then "
            f"`countersign projections dead-letters retry {lag.name}`; docs/runbook.md, A letter opened.",
        )


def _first_line(error: str | None) -> str:
    return (error or "nobody said why").splitlines()[0]


def _behind(standing: Standing) -> Iterator[Problem]:
    running = [lag for lag in standing.projections if lag.state is State.RUNNING]
    readers: list[Lag | ReactionStanding] = [*running, *standing.reactions]
    late = [each for each in readers if each.seconds > LONGEST_LAG_S]
    if late:
        last = max(late, key=lambda each: each.seconds)
        who = f"{last.name} is" if len(late) == 1 else f"{last.name} and {len(late) - 1} others are"
        yield strained(
            Component.READ_TABLES,
            f"{who} behind the log, by up to {last.events} events and {span_of(last.seconds)}.",
            "That is caught up with while `countersign work` runs. If the lag grows, look at the worker's "
            "log and at the database's load, and start another worker.",
        )


def _letters(standing: Standing) -> Iterator[Problem]:
    dead = sum(letter.state == DEAD for letter in standing.letters)
    in_doubt = sum(letter.state == IN_DOUBT for letter in standing.letters)
    if dead:
        yield strained(
            Component.JOBS,
            f"{dead} {'job was' if dead == 1 else 'jobs were'} given up.",
            "`countersign jobs list --state failed` shows why; then `countersign jobs retry ID` "
            "or `discard ID`.",
        )
    if in_doubt:
        yield strained(
            Component.JOBS,
            f"Of {in_doubt} {'mail' if in_doubt == 1 else 'mails'} nobody knows whether the server took it.",
            "Look for its Message-ID (`countersign jobs show ID`) in the mail server's log; "
            "then `countersign jobs retry ID` sends it again, `discard ID` lets it be.",
        )
