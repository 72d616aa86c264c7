"""The way of a revision through its approvers: who is asked, in which order, until when."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from countersign.aggregates.report.refusals import (
    NotEligible,
    OnePersonOneStage,
    PreparerIsApprover,
    UnknownStage,
)
from countersign.aggregates.role import Role
from countersign.aggregates.roster import Roster
from countersign.aggregates.type_definition import RouteStage, TypeDefinition


@dataclass(frozen=True, slots=True)
class Assigned:
    """Who was asked to decide on a stage."""

    stage: int
    role: Role
    approver: UUID


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of a submitted revision: its route as it was at submission."""

    n: int
    role: Role
    approver: UUID
    title: str
    sla_hours: int
    reminder_hours: tuple[int, ...] = ()
    escalate_to: Role | None = None

    def due_at(self, since: datetime) -> datetime:
        """By when whoever is asked then should have decided."""
        return since + timedelta(hours=self.sla_hours)

    def remind_at(self, since: datetime) -> tuple[datetime, ...]:
        """When whoever is asked then is reminded, in order; not at once."""
        times = (self.due_at(since) - timedelta(hours=hours) for hours in self.reminder_hours)
        return tuple(sorted(time for time in times if time > since))


@dataclass(frozen=True, slots=True)
class OpenStage:
    """The stage whose turn it is, since when, and what was done about its being late."""

    n: int
    opened_at: datetime
    due_at: datetime
    remind_at: tuple[datetime, ...] = ()
    reminded: int = 0
    escalated: bool = False


def route_stage(definition: TypeDefinition, stage: int) -> RouteStage:
    """The stage of the type's route.

    Raises:
        UnknownStage: the route has none of that number.
    """
    for each in definition.route:
        if each.stage == stage:
            return each
    raise UnknownStage(f"The route has stages 1 to {len(definition.route)}.", (("/stage", "unknown"),))


def require_eligible(
    approver: UUID,
    stage: RouteStage,
    roster: Roster,
    preparers: Collection[UUID],
    others: Sequence[Assigned],
) -> None:
    """Refuse an approver who could not sign that stage.

    Raises:
        PreparerIsApprover, NotEligible, OnePersonOneStage: and why.
    """
    at = "/approver"
    if approver in preparers:
        raise PreparerIsApprover("Nobody approves their own report.", ((at, "prepared this report"),))
    if not roster.holds(approver, stage.role):
        raise NotEligible(f"Stage {stage.stage} needs a {stage.role}.", ((at, f"is not a {stage.role}"),))
    for other in others:
        if other.approver == approver and other.stage != stage.stage:
            raise OnePersonOneStage("One person signs one stage.", ((at, f"signs stage {other.stage}"),))


def gaps_in_route(
    definition: TypeDefinition, assigned: Sequence[Assigned], roster: Roster, preparers: Collection[UUID]
) -> Iterator[tuple[str, str]]:
    """What keeps the route from being walked, by stage."""
    by_stage = {each.stage: each.approver for each in assigned}
    for stage in definition.route:
        at = f"/approvers/{stage.stage}"
        approver = by_stage.get(stage.stage)
        if approver is None:
            yield at, f"needs a {stage.role}"
        elif approver in preparers:
            yield at, "prepared this report"
        elif not roster.holds(approver, stage.role):
            yield at, f"is not a {stage.role} any more"


def stages_of(definition: TypeDefinition, assigned: Sequence[Assigned]) -> tuple[Stage, ...]:
    """The route with its approvers, in order; each stage must have one."""
    by_stage = {each.stage: each.approver for each in assigned}
    return tuple(
        Stage(
            n=each.stage,
            role=each.role,
            approver=by_stage[each.stage],
            title=each.title,
            sla_hours=each.sla_hours,
            reminder_hours=each.reminder_hours,
            escalate_to=each.escalate_to,
        )
        for each in definition.route
    )
