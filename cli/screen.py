"""What the command line says: sentences for people, JSON for scripts."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from typing import Any

from rich.console import Console

console = Console(highlight=False, soft_wrap=True)


def say(sentence: str) -> None:
    """A sentence to the user."""
    console.print(sentence, markup=False)


def show_json(document: Any) -> None:
    """A document for a script, on standard output."""
    sys.stdout.write(json.dumps(document, default=_plain, ensure_ascii=False, indent=2) + "\n")


def show_json_line(document: Any) -> None:
    """A document on one line, for a script that follows."""
    sys.stdout.write(json.dumps(document, default=_plain, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
