"""What a copy takes up again, and what in it waits for a person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from countersign.cli.screen import say
from countersign.workers.backup.resuming import Resumed

_SHOWN: Final = 20


def tell_resumed(resumed: Resumed) -> None:
    """One line for each kind, with the ids; nothing where nothing was under way."""
    for kind, ids in resumed.wanted_again.items():
        say(f"  Done only later, so wanted again: {len(ids)} x {kind}: {_listed(ids)}.")
    if mails := resumed.mails_in_doubt:
        say(
            f"  May have left later, so in doubt: {len(mails)} {'mail' if len(mails) == 1 else 'mails'}: "
            f"{_listed(mails)}. `countersign jobs retry ID` sends one again, `discard ID` lets it be."
        )
    if deliveries := resumed.deliveries_given_up:
        word = "delivery" if len(deliveries) == 1 else "deliveries"
        say(
            f"  May have arrived later, so given up: {len(deliveries)} {word} to webhooks: "
            f"{_listed(deliveries)}. `countersign webhooks resend ID` sends one again, under the same id."
        )


def _listed(ids: Sequence[UUID]) -> str:
    more = f" and {len(ids) - _SHOWN} more (`--json` lists all)" if len(ids) > _SHOWN else ""
    return ", ".join(map(str, ids[:_SHOWN])) + more
