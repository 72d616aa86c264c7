"""Under whose name, and as part of what, a command is given."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from countersign.aggregates.root import derived_id
from countersign.eventstore.metadata import Client

ANONYMOUS: Final = derived_id("anonymous")
"""The actor of a call before it has said who it is."""
SYSTEM: Final = derived_id("system")
"""The actor of reactions, schedules and set-up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """One call: its actor, its idempotency key and the trail that it belongs to.

    `correlation` is shared by all that one request set off; `causation` is the event that caused this call.
    `fresh_key`: the key is hardly ever a repeated one, so no receipt is looked for before the append does.
    `certificate` is the SHA-256 of the TLS certificate that the caller has shown, empty for none.
    """

    actor: UUID
    command_key: str
    correlation: str
    session: UUID | None = None
    on_behalf_of: UUID | None = None
    causation: UUID | None = None
    fresh_key: bool = False
    client: Client = field(default_factory=Client)
    certificate: str = ""
