"""Commands about backups, given by the service itself."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from countersign.eventstore.context import SYSTEM, Context
from countersign.workers.issuer import Dispatch


def give(dispatcher: Dispatch, command: Any) -> None:
    """Give one command in the system's name."""
    key = str(uuid4())
    dispatcher.dispatch(command, Context(actor=SYSTEM, command_key=key, correlation="backup", fresh_key=True))
