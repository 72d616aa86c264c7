"""From a request to a command: under which name, with which key, as part of which trail."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeVar
from uuid import UUID, uuid4, uuid5

from falcon import Request, Response

from countersign.aggregates.root import Root
from countersign.eventstore.aggregates import Aggregates
from countersign.eventstore.context import ANONYMOUS, Context
from countersign.eventstore.metadata import Client
from countersign.eventstore.receipt import Receipt
from countersign.http.problems import Refusal
from countersign.http.tokens import Claims

A = TypeVar("A", bound=Root)

_KEY: Final = re.compile(r"[\x21-\x7e]{1,255}")


class Dispatch(Protocol):
    """Gives a command to its handler."""

    def __call__(self, command: Any, context: Context) -> Receipt:
        """See `countersign.commands.dispatch.Dispatcher.dispatch`."""


@dataclass(frozen=True, slots=True)
class Call:
    """The command side of one request."""

    context: Context

    def new_id(self, kind: str) -> UUID:
        """The id of what this call makes: the same again when the call is repeated under its key."""
        return uuid5(self.context.actor, f"{kind}:{self.context.command_key}")


def call_of(req: Request, scope: UUID = ANONYMOUS) -> Call:
    """The call that a request stands for; keys of those who are not signed in hold within `scope`.

    Raises:
        Refusal: 400 when the `Idempotency-Key` is not 1 to 255 printable ASCII characters.
    """
    key = req.get_header("Idempotency-Key")
    if key is not None and not _KEY.fullmatch(key):
        raise Refusal(400, "invalid_idempotency_key", "an Idempotency-Key has 1 to 255 printable characters")
    claims = req.context.claims
    return Call(context_of(req, claims, key or str(uuid4()), fresh_key=key is None, scope=scope))


def context_of(
    req: Request, claims: Claims | None, command_key: str, *, fresh_key: bool, scope: UUID = ANONYMOUS
) -> Context:
    """The context of a command that is given for a request, under a key of its own."""
    return Context(
        actor=claims.account if claims else scope,
        session=claims.session if claims else None,
        on_behalf_of=claims.on_behalf_of if claims else None,
        command_key=command_key,
        fresh_key=fresh_key,
        correlation=req.context.correlation,
        certificate=getattr(req.context, "certificate", ""),
        client=Client(
            ip=req.context.client_ip,
            agent=(req.user_agent or "")[:200],
            auth_method=_auth_method(claims),
        ),
    )


def _auth_method(claims: Claims | None) -> str:
    if claims is None:
        return ""
    return "+".join((*claims.factors, "jwt")) if claims.method == "jwt" else claims.method


def answer_receipt(resp: Response, receipt: Receipt) -> None:
    """Tell the position at which what was decided can be read."""
    resp.set_header("Position", str(receipt.position))
    if receipt.repeated:
        resp.set_header("Idempotent-Replayed", "true")


def as_left(aggregates: Aggregates, cls: type[A], stream: UUID, receipt: Receipt) -> A:
    """An aggregate as the command of a receipt has left it, so that a repeat is answered as the first was."""
    version = receipt.version_of(stream)
    found = aggregates.find(cls, stream, version=version)
    if found is None:
        raise LookupError(f"{cls.TOPIC} {stream} is in the receipt, but not in the log")
    return found
