"""Gives an order about a projection, or says what it would touch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from falcon import Request, Response

from countersign.aggregates.read_model import ReadModel, read_model_id
from countersign.commands.read_model.known import known_read_model
from countersign.eventstore.receipt import Receipt
from countersign.http.calls import answer_receipt, as_left, call_of
from countersign.http.projections.order_answer import OrderAnswer, OrderForm, rehearsed
from countersign.http.services import Services
from countersign.projections.catalogue import projection_named
from countersign.projections.orders.impact import Impact, Order, impact
from countersign.projections.orders.inspection import inspected


@dataclass(frozen=True, slots=True)
class Ordered:
    """An order that was taken, and everything that was ordered about the projection until then."""

    receipt: Receipt
    model: ReadModel


class Ordering:
    """For the resources about projections."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def give(self, req: Request, resp: Response, command: Any) -> Ordered:
        """Have it recorded and obeyed; a repeat is answered as the first was.

        Raises:
            DomainError: it is refused.
        """
        receipt = self._services.dispatch(command, call_of(req).context)
        self._services.obey()
        answer_receipt(resp, receipt)
        stream: UUID = read_model_id(command.name)
        return Ordered(receipt, as_left(self._services.aggregates, ReadModel, stream, receipt))

    def try_out(
        self,
        req: Request,
        resp: Response,
        command: Any,
        order: Order,
        build: int | None = None,
        *,
        keep: bool | None = None,
    ) -> OrderAnswer:
        """Say what it would touch, or that it would be refused.

        Raises:
            DomainError: it would be.
        """
        self._services.rehearse(command, call_of(req).context)
        resp.status = 200
        return rehearsed(self._impact(command.name, order, build, keep))

    def plain(
        self,
        req: Request,
        resp: Response,
        command: Any,
        order: Order,
        form: OrderForm,
        build: int | None = None,
    ) -> OrderAnswer:
        """Either of the two, for an order that is about a named build or about none."""
        if form.dry_run:
            return self.try_out(req, resp, command, order, build)
        self.give(req, resp, command)
        return OrderAnswer(projection=command.name, order=order, build=build, dry_run=False)

    def _impact(self, name: str, order: Order, build: int | None, keep: bool | None) -> Impact:
        services = self._services
        kept = known_read_model(name, services.read_models).keep if keep is None else keep
        head = services.log.head()
        with services.read.read() as connection:
            seen = inspected(connection, services.read, projection_named(name), head)
            return impact(connection, order, seen, build, keep=kept)
