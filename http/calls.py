"""From a request to a command: under which name, with which key, as part of which trail."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Final, Protocol
from uuid import UUID, uuid4, uuid5

from falcon import Request, Response

from countersign.eventstore.context import ANONYMOUS, Context
from countersign.eventstore.metadata import Client
from countersign.eventstore.receipt import Receipt
from countersign.http.problems import Refusal

_KEY: Final = re.compile(r"[\x21-\x7e]{1,255}")
_POSITION: Final = "Position"


class Dispatch(Protocol):
    """Gives a command to its handler."""

    def __call__(self, command: Any, context: Context) -> Receipt:
        """See `countersign.commands.dispatch.Dispatcher.dispatch`."""


@dataclass(frozen=True, slots=True)
class Call:
    """The command side of one request."""

    context: Context
    actor: UUID = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "actor", self.context.actor)

    def new_id(self, kind: str) -> UUID:
        """The id of what this call makes: the same again when the call is repeated under its key."""
        return uuid5(self.actor, f"{kind}:{self.context.command_key}")


def call_of(req: Request) -> Call:
    """The call that a request stands for.

    Raises:
        Refusal: 400 when the `Idempotency-Key` is not 1 to 255 printable ASCII characters.
    """
    key = req.get_header("Idempotency-Key")
    if key is not None and not _KEY.fullmatch(key):
        raise Refusal(400, "invalid_idempotency_key", "an Idempotency-Key has 1 to 255 printable characters")
    claims = getattr(req.context, "claims", None)
    context = Context(
        actor=claims.account if claims else ANONYMOUS,
        session=claims.session if claims else None,
        command_key=key or str(uuid4()),
        fresh_key=key is None,
        correlation=req.context.correlation,
        client=Client(
            ip=req.context.client_ip,
            agent=(req.user_agent or "")[:200],
            auth_method="password+jwt" if claims else "",
        ),
    )
    return Call(context)


def answer_receipt(resp: Response, receipt: Receipt) -> None:
    """Tell the position at which what was decided can be read."""
    resp.set_header(_POSITION, str(receipt.position))
    if receipt.repeated:
        resp.set_header("Idempotent-Replayed", "true")
