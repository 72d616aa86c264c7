"""Letting a projection stand still, and go on."""

from __future__ import annotations

from falcon import Request, Response

from countersign.commands.read_model.pause_projection import PauseProjection
from countersign.commands.read_model.resume_projection import ResumeProjection
from countersign.http.endpoints import command
from countersign.http.projections.order_answer import OrderAnswer, OrderForm
from countersign.http.projections.ordering import Ordering
from countersign.http.services import Services
from countersign.projections.orders.impact import Order


class ProjectionPause:
    """`POST /v1/projections/{name}/pause`."""

    def __init__(self, services: Services) -> None:
        self._ordering = Ordering(services)

    @command("Projections", refusals=(403, 404))
    def on_post(self, req: Request, resp: Response, name: str, form: OrderForm) -> OrderAnswer:
        """Let it stand still; it is read as it stands."""
        wanted = PauseProjection(name=name, reason=form.reason)
        return self._ordering.plain(req, resp, wanted, Order.PAUSE, form)


class ProjectionResumption:
    """`POST /v1/projections/{name}/resume`."""

    def __init__(self, services: Services) -> None:
        self._ordering = Ordering(services)

    @command("Projections", refusals=(403, 404))
    def on_post(self, req: Request, resp: Response, name: str, form: OrderForm) -> OrderAnswer:
        """Let it go on, after a pause or where it has stopped by itself."""
        wanted = ResumeProjection(name=name, reason=form.reason)
        return self._ordering.plain(req, resp, wanted, Order.RESUME, form)
