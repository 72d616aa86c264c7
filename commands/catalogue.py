"""Every command and the one handler that decides it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from countersign.commands.options import Options
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store

Handler = Callable[[Any, Store], Receipt]


def handlers(options: Options) -> Mapping[type, Handler]:
    """The handlers by the class of their message."""
    return {}
