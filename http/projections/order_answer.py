"""What came of an order about a projection, or what it would touch."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StrictBool, StringConstraints

from countersign.aggregates.read_model_refusals import LONGEST_REASON
from countersign.http.answers import Answer
from countersign.http.bodies import Form
from countersign.projections.orders.impact import Fate, Impact, Order


class OrderForm(Form):
    """Why, in 10 characters or more; with `dry_run` it is only said what the order would touch."""

    reason: Annotated[
        str, StringConstraints(max_length=2 * LONGEST_REASON), Field(examples=["rows in doubt"])
    ]
    dry_run: StrictBool = False


class TouchedAnswer(Answer):
    """A table; of one that is yet to be made, rows and size are those of the one that it is like."""

    table: str
    rows: int
    size_bytes: int | None
    fate: Fate


class ImpactAnswer(Answer):
    """What an order would touch.

    Readers are at `position` of `head`; `events` would be read, in about `seconds` (a guess, unless it is
    `measured`). The `mails` and `documents` that those events have caused stay as they are: none is sent or
    made again.
    """

    build: int | None
    tables: list[TouchedAnswer]
    position: int
    head: int
    events: int
    seconds: float
    measured: bool
    letters: int
    mails: int | None
    documents: int | None


class OrderAnswer(Answer):
    """An order and the build that it is about; `impact` is told by a dry run, which orders nothing."""

    projection: str
    order: Order
    build: int | None
    dry_run: bool
    impact: ImpactAnswer | None = None


def rehearsed(found: Impact) -> OrderAnswer:
    """The answer to a dry run."""
    return OrderAnswer(
        projection=found.projection,
        order=found.order,
        build=found.build,
        dry_run=True,
        impact=ImpactAnswer.model_validate(found),
    )
