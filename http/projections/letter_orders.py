"""What is done about events that projections could not take: tried again, or passed over by two people."""

from __future__ import annotations

from typing import Annotated, Any, Final

from falcon import Request, Response
from pydantic import Field

from countersign.commands.read_model.approve_discard import ApproveDiscard
from countersign.commands.read_model.propose_discard import ProposeDiscard
from countersign.commands.read_model.retry_letters import RetryLetters
from countersign.http.calls import call_of
from countersign.http.endpoints import command
from countersign.http.projections.letters import letters_there
from countersign.http.projections.order_answer import OrderAnswer, OrderForm
from countersign.http.projections.ordering import Ordering
from countersign.http.services import Services
from countersign.projections.orders.impact import Order

MOST_POSITIONS: Final = 1_000
Position = Annotated[int, Field(strict=True, ge=1, le=2**62)]


class RetryForm(OrderForm):
    """Which letters; all of the projection when none is named."""

    positions: Annotated[tuple[Position, ...], Field(max_length=MOST_POSITIONS)] = ()


class _OfOneLetter:
    def __init__(self, services: Services) -> None:
        self._services, self._ordering = services, Ordering(services)

    def _ordered(
        self, req: Request, resp: Response, wanted: Any, order: Order, form: OrderForm, position: int
    ) -> OrderAnswer:
        if not self._is_repeat(req):
            self._services.rehearse(wanted, call_of(req).context)  # who may not order it learns of no letter
            letters_there(self._services, wanted.name, position)
        return self._ordering.plain(req, resp, wanted, order, form)

    def _is_repeat(self, req: Request) -> bool:
        context = call_of(req).context
        receipt = self._services.log.receipt
        return not context.fresh_key and receipt(context.actor, context.command_key) is not None


class DeadLettersRetry:
    """`POST /v1/dead-letters/{name}/retry`."""

    def __init__(self, services: Services) -> None:
        self._ordering = Ordering(services)

    @command("Projections", refusals=(403, 404))
    def on_post(self, req: Request, resp: Response, name: str, form: RetryForm) -> OrderAnswer:
        """Have several letters tried again, in the order of the log."""
        wanted = RetryLetters(name=name, positions=form.positions, reason=form.reason)
        return self._ordering.plain(req, resp, wanted, Order.RETRY, form)


class DeadLetterRetry(_OfOneLetter):
    """`POST /v1/dead-letters/{name}/{position}/retry`."""

    @command("Projections", refusals=(403, 404))
    def on_post(self, req: Request, resp: Response, name: str, position: int, form: OrderForm) -> OrderAnswer:
        """Have a letter tried again, and what is held behind it after it."""
        wanted = RetryLetters(name=name, positions=(position,), reason=form.reason)
        return self._ordered(req, resp, wanted, Order.RETRY, form, position)


class DeadLetterDiscard(_OfOneLetter):
    """`POST /v1/dead-letters/{name}/{position}/discard`."""

    @command("Projections", refusals=(403, 404))
    def on_post(self, req: Request, resp: Response, name: str, position: int, form: OrderForm) -> OrderAnswer:
        """Propose to go on without this event; a second person approves."""
        wanted = ProposeDiscard(name=name, position=position, reason=form.reason)
        return self._ordered(req, resp, wanted, Order.DISCARD, form, position)


class DeadLetterDiscardApproval(_OfOneLetter):
    """`POST /v1/dead-letters/{name}/{position}/discard/approve`."""

    @command("Projections", refusals=(403, 404))
    def on_post(self, req: Request, resp: Response, name: str, position: int, form: OrderForm) -> OrderAnswer:
        """Agree, as the second person, to go on without this event."""
        wanted = ApproveDiscard(name=name, position=position, reason=form.reason)
        return self._ordered(req, resp, wanted, Order.DISCARD, form, position)
