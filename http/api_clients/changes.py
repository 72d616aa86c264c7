"""Giving a command on an API client, and what is answered to it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from falcon import Request, Response

from countersign.aggregates.api_client import ApiClient
from countersign.aggregates.root import DomainError
from countersign.eventstore.receipt import Receipt
from countersign.http.api_clients.api_client_answer import NewKeyAnswer, OneApiClientAnswer
from countersign.http.api_clients.visibility import visible_client
from countersign.http.calls import answer_receipt, as_left, call_of
from countersign.http.preconditions import tag_version
from countersign.http.reports.people import People
from countersign.http.services import Services

_TELLING: Final = frozenset({403, 409, 412, 422})
"""Refusals that would tell somebody that a client is there."""
_SHOWN_FOR: Final = timedelta(minutes=10)


def give_on_client(services: Services, req: Request, client_id: UUID, command: Any) -> Receipt:
    """Give a command on an API client.

    Raises:
        SessionEnded: the caller has been signed out.
        NotFound: for a client that the caller may neither change nor see.
        DomainError: as the command says.
    """
    claims = req.context.claims
    try:
        receipt = services.dispatch(command, call_of(req).context)
    except DomainError as refusal:
        if refusal.status in _TELLING:
            services.sessions.current(claims, services.clock())
            visible_client(services.aggregates, claims, client_id)
        raise
    if receipt.repeated:
        services.sessions.current(claims, services.clock())
    return receipt


def answer_client(
    services: Services, resp: Response, client_id: UUID, receipt: Receipt
) -> OneApiClientAnswer:
    """The client as the command of a receipt has left it."""
    return OneApiClientAnswer.of_log(*_left(services, resp, client_id, receipt))


def answer_new_key(services: Services, resp: Response, client_id: UUID, receipt: Receipt) -> NewKeyAnswer:
    """The same with the key that the command has made: the only time that it is shown."""
    client, people = _left(services, resp, client_id, receipt)
    resp.set_header("Cache-Control", "no-store")
    shown = services.clock() - client.modified_on <= _SHOWN_FOR
    key = services.api_keys.key(client.prefix, client.key_number) if shown else None
    return NewKeyAnswer(**OneApiClientAnswer.of_log(client, people).model_dump(), key=key)


def _left(services: Services, resp: Response, client_id: UUID, receipt: Receipt) -> tuple[ApiClient, People]:
    client = as_left(services.aggregates, ApiClient, client_id, receipt)
    answer_receipt(resp, receipt)
    tag_version(resp, client.version)
    return client, People(services.read, (client.creator,))
