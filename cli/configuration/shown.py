"""A setting as it may be shown to anybody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from countersign.config.secret import Secret
from countersign.config.settings import Settings


@dataclass(frozen=True, slots=True)
class Shown:
    """One setting: its value, masked if it is a secret, or the reference to it, and where that is written."""

    setting: str
    value: object
    source: str
    secret: bool


def shown(settings: Settings) -> Iterator[Shown]:
    """Every setting, in the order of app.yaml's sections."""
    for path, value in settings.values():
        text = settings.references.get(path) or _plain(value)
        yield Shown(path, text, settings.sources.get(path, ""), isinstance(value, Secret))


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return list(map(_plain, value))
    return str(value) if isinstance(value, Secret | Path) else value
