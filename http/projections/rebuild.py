"""Making the tables of a projection anew, and going back to those that were replaced."""

from __future__ import annotations

from typing import Annotated

from falcon import Request, Response
from pydantic import Field, StrictBool

from countersign.aggregates.read_model import ReadModel, read_model_id
from countersign.aggregates.read_model_builds import MOST_SEGMENTS, Promote
from countersign.commands.read_model.order_rebuild import OrderRebuild
from countersign.commands.read_model.order_rollback import OrderRollback
from countersign.http.endpoints import command
from countersign.http.projections.order_answer import OrderAnswer, OrderForm
from countersign.http.projections.ordering import Ordering
from countersign.http.services import Services
from countersign.projections.orders.impact import Order


class RebuildForm(OrderForm):
    """`segments` and `keep` are as configured where they are left out.

    `promote`: readers see the new tables when no row differs (`equal`), in any case, or when it is ordered.
    """

    segments: Annotated[int, Field(ge=1, le=MOST_SEGMENTS)] | None = None
    promote: Promote = Promote.EQUAL
    keep: StrictBool | None = None


class ProjectionRebuild:
    """`POST /v1/projections/{name}/rebuild`."""

    def __init__(self, services: Services) -> None:
        self._ordering = Ordering(services)

    @command("Projections", status=202, alternatives=(200,), refusals=(403, 404))
    def on_post(self, req: Request, resp: Response, name: str, form: RebuildForm) -> OrderAnswer:
        """Have the tables made anew beside those that readers see; workers do it, nothing is caused by it."""
        wanted = OrderRebuild(
            name=name, reason=form.reason, segments=form.segments, promote=form.promote, keep=form.keep
        )
        if form.dry_run:
            return self._ordering.try_out(req, resp, wanted, Order.REBUILD, keep=form.keep)
        return _begun(self._ordering, req, resp, wanted, Order.REBUILD)


class ProjectionComparison:
    """`POST /v1/projections/{name}/compare`."""

    def __init__(self, services: Services) -> None:
        self._ordering = Ordering(services)

    @command("Projections", status=202, alternatives=(200,), refusals=(403, 404))
    def on_post(self, req: Request, resp: Response, name: str, form: OrderForm) -> OrderAnswer:
        """Have the tables made anew and compared with those that readers see, who go on seeing them."""
        wanted = OrderRebuild(name=name, reason=form.reason, promote=Promote.NEVER)
        if form.dry_run:
            return self._ordering.try_out(req, resp, wanted, Order.COMPARE)
        return _begun(self._ordering, req, resp, wanted, Order.COMPARE)


class ProjectionRollback:
    """`POST /v1/projections/{name}/rollback`."""

    def __init__(self, services: Services) -> None:
        self._ordering, self._aggregates = Ordering(services), services.aggregates

    @command("Projections", status=202, alternatives=(200,), refusals=(403, 404))
    def on_post(self, req: Request, resp: Response, name: str, form: OrderForm) -> OrderAnswer:
        """Have readers see the build again that the latest promotion replaced."""
        wanted = OrderRollback(name=name, reason=form.reason)
        if form.dry_run:
            known = self._aggregates.find(ReadModel, read_model_id(name))
            build = None if known is None else known.replaced
            return self._ordering.try_out(req, resp, wanted, Order.ROLLBACK, build, keep=True)
        build = self._ordering.give(req, resp, wanted).model.replaced
        resp.location = f"/v1/projections/{name}/builds/{build}"
        return OrderAnswer(projection=name, order=Order.ROLLBACK, build=build, dry_run=False)


def _begun(
    ordering: Ordering, req: Request, resp: Response, wanted: OrderRebuild, order: Order
) -> OrderAnswer:
    build = ordering.give(req, resp, wanted).model.candidate
    resp.location = f"/v1/projections/{wanted.name}/builds/{build}"
    return OrderAnswer(projection=wanted.name, order=order, build=build, dry_run=False)
