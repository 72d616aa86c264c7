"""What is done about one build of a projection: shown to readers, given up, its tables dropped."""

from __future__ import annotations

from falcon import Request, Response
from pydantic import StrictBool

from countersign.commands.read_model.cancel_rebuild import CancelRebuild
from countersign.commands.read_model.order_promotion import OrderPromotion
from countersign.commands.read_model.order_retirement import OrderRetirement
from countersign.http.endpoints import command
from countersign.http.projections.order_answer import OrderAnswer, OrderForm
from countersign.http.projections.ordering import Ordering
from countersign.http.services import Services
from countersign.projections.orders.impact import Order


class PromotionForm(OrderForm):
    """`keep`: what is replaced can be shown again; as configured where it is left out."""

    keep: StrictBool | None = None


class BuildPromotion:
    """`POST /v1/projections/{name}/builds/{build}/promote`."""

    def __init__(self, services: Services) -> None:
        self._ordering = Ordering(services)

    @command("Projections", status=202, alternatives=(200,), refusals=(403, 404))
    def on_post(
        self, req: Request, resp: Response, name: str, build: int, form: PromotionForm
    ) -> OrderAnswer:
        """Have readers see this build as soon as it is ready, whatever differs."""
        wanted = OrderPromotion(name=name, build=build, reason=form.reason, keep=form.keep)
        if form.dry_run:
            return self._ordering.try_out(req, resp, wanted, Order.PROMOTE, build, keep=form.keep)
        resp.location = f"/v1/projections/{name}/builds/{build}"
        return self._ordering.plain(req, resp, wanted, Order.PROMOTE, form, build)


class BuildCancellation:
    """`POST /v1/projections/{name}/builds/{build}/cancel`."""

    def __init__(self, services: Services) -> None:
        self._ordering = Ordering(services)

    @command("Projections", refusals=(403, 404))
    def on_post(self, req: Request, resp: Response, name: str, build: int, form: OrderForm) -> OrderAnswer:
        """Give up a build that was never shown."""
        wanted = CancelRebuild(name=name, build=build, reason=form.reason)
        return self._ordering.plain(req, resp, wanted, Order.CANCEL, form, build)


class BuildRetirement:
    """`POST /v1/projections/{name}/builds/{build}/retire`."""

    def __init__(self, services: Services) -> None:
        self._ordering = Ordering(services)

    @command("Projections", refusals=(403, 404))
    def on_post(self, req: Request, resp: Response, name: str, build: int, form: OrderForm) -> OrderAnswer:
        """Have the tables of a build dropped that readers do not see."""
        wanted = OrderRetirement(name=name, build=build, reason=form.reason)
        return self._ordering.plain(req, resp, wanted, Order.RETIRE, form, build)
