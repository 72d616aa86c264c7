"""`countersign config check`: everything that is wrong with the settings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from countersign.cli.configuration.reading import settings_of
from countersign.cli.invocation import Invocation
from countersign.cli.screen import say, show_json
from countersign.config.mistakes import ConfigurationInvalid, Mistake
from countersign.config.production import production_refusals


def check(invocation: Invocation) -> int:
    """Say all that is wrong; 1 when something is."""
    mistakes = _mistakes(invocation)
    if invocation.arguments.json:
        show_json({"valid": not mistakes, "errors": list(map(asdict, mistakes))})
    else:
        _tell(mistakes)
    return 1 if mistakes else 0


def _mistakes(invocation: Invocation) -> Sequence[Mistake]:
    try:
        return production_refusals(settings_of(invocation, invocation.arguments.env))
    except ConfigurationInvalid as invalid:
        return invalid.errors


def _tell(mistakes: Sequence[Mistake]) -> None:
    for mistake in mistakes:
        say(str(mistake))
    say(f"{len(mistakes)} wrong." if mistakes else "The configuration is valid.")
