"""What the audit log says of orders about read models."""

from __future__ import annotations

from functools import singledispatch

from countersign.aggregates.read_model import ReadModel
from countersign.aggregates.root import Root


@singledispatch
def summary_of_read_models(event: Root.Event) -> str | None:
    """The event in a sentence; None where it is of another kind, or without words of its own."""
    return None


@summary_of_read_models.register
def _(event: ReadModel.Created) -> str:
    return f"First order about the projection {event.name}"


@summary_of_read_models.register
def _(event: ReadModel.RebuildOrdered) -> str:
    return f"Rebuild ordered as build {event.build} in version {event.version}: {event.reason}"


@summary_of_read_models.register
def _(event: ReadModel.RebuildCancelled) -> str:
    return f"Build {event.build} cancelled: {event.reason}"


@summary_of_read_models.register
def _(event: ReadModel.PromotionOrdered) -> str:
    return f"Build {event.build} to be shown to readers: {event.reason}"


@summary_of_read_models.register
def _(event: ReadModel.RollbackOrdered) -> str:
    return f"Readers to go back to build {event.build}: {event.reason}"


@summary_of_read_models.register
def _(event: ReadModel.RetirementOrdered) -> str:
    return f"Tables of build {event.build} to be dropped: {event.reason}"


@summary_of_read_models.register
def _(event: ReadModel.Promoted) -> str:
    before = "" if event.replaces is None else f" in place of build {event.replaces}"
    differing = "" if event.different is None else f", {event.different} rows different"
    return f"Build {event.build} shown to readers{before} at position {event.position}{differing}"


@summary_of_read_models.register
def _(event: ReadModel.Paused) -> str:
    return f"Projection paused: {event.reason}"


@summary_of_read_models.register
def _(event: ReadModel.Resumed) -> str:
    return f"Projection to go on: {event.reason}"


@summary_of_read_models.register
def _(event: ReadModel.LettersRetried) -> str:
    which = ", ".join(map(str, event.positions)) or "all positions"
    return f"Dead letters to be tried again ({which}): {event.reason}"


@summary_of_read_models.register
def _(event: ReadModel.DiscardProposed) -> str:
    return f"Discarding the dead letter at position {event.position} proposed: {event.reason}"


@summary_of_read_models.register
def _(event: ReadModel.DiscardApproved) -> str:
    return f"Discarding the dead letter at position {event.position} approved: {event.reason}"
