"""`countersign config show`: each setting, its value and where that is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from countersign.cli.configuration.reading import settings_of
from countersign.cli.configuration.shown import Shown, shown
from countersign.cli.invocation import Invocation
from countersign.cli.listing import show_rows
from countersign.cli.screen import show_json


def show(invocation: Invocation) -> int:
    """Show what holds.

    Raises:
        ConfigurationInvalid: then there is nothing that holds.
    """
    settings = settings_of(invocation, invocation.arguments.env)
    rows = list(shown(settings))
    if invocation.arguments.json:
        show_json({"environment": settings.environment, "settings": list(map(asdict, rows))})
    else:
        show_rows(("setting", "value", "written in"), list(map(_row, rows)))
    return 0


def _row(row: Shown) -> Mapping[str, Any]:
    return {"setting": row.setting, "value": in_words(row.value), "written in": row.source}


def in_words(value: object) -> str:
    """A value as the files of settings would have it."""
    if isinstance(value, bool):
        return str(value).lower()
    return f"[{', '.join(map(str, value))}]" if isinstance(value, list) else str(value)
