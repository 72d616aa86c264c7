"""A dry run: what an order would touch, and whether it would be refused; nothing is ordered."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

from countersign.aggregates.root import DomainError
from countersign.cli.foundation import Foundation
from countersign.cli.projections.asking import host_context
from countersign.cli.projections.impact_shown import show_impact
from countersign.cli.projections.ordering import NoSuchBuild, Ordering, build_meant, impact_of
from countersign.cli.projections.verb import Exit
from countersign.cli.screen import say, show_json
from countersign.commands.permit import NotPermitted
from countersign.projections.projection import Projection

_NO_REASON: Final = "(none: this is a dry run)"


def dry_run(
    base: Foundation, ordering: Ordering, given: argparse.Namespace, projections: Sequence[Projection]
) -> int:
    """Say it; the exit status tells whether it would be refused."""
    refused: dict[str, str] = {}
    documents: list[dict[str, Any]] = []
    for one in projections:
        why = _refusal(base, ordering, given, one.name)
        if why is not None:
            refused[one.name] = why
        documents.append({"projection": one.name, "refused": why, **_told(base, ordering, given, one)})
    if given.json:
        show_json({"dry_run": True, "orders": documents})
    for name, why in refused.items() if not given.json else ():
        say(f"{name}: it would be refused: {why}")
    if not given.json:
        say("This was a dry run: nothing was ordered.")
    return Exit.REFUSED if refused else Exit.DONE


def _told(base: Foundation, ordering: Ordering, given: argparse.Namespace, one: Projection) -> dict[str, Any]:
    try:
        found = impact_of(base, ordering, given, one)
    except NoSuchBuild:
        return {}
    if not given.json:
        show_impact(found)
        say("")
    return asdict(found)


def _refusal(base: Foundation, ordering: Ordering, given: argparse.Namespace, name: str) -> str | None:
    try:
        build = build_meant(base, ordering, given, name)
        command = ordering.command(given, name, build, given.reason or _NO_REASON)
        base.dispatcher.rehearse(command, host_context())
    except NoSuchBuild as nothing:
        return str(nothing)
    except NotPermitted:
        return None  # whoever runs the host may not, but nobody has signed in yet
    except DomainError as refused:
        return refused.detail
    return None
