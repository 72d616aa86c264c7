"""What decides a command."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store

Handler = Callable[[Any, Store], Receipt]
"""Takes the message and what the log holds, and says what was written."""
