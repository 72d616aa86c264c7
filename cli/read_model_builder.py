"""The builder of read models, as the settings have it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from countersign.cli.foundation import Foundation
from countersign.cli.long_running import process_name
from countersign.commands.read_model.note_promotion import NotePromotion
from countersign.eventstore.context import SYSTEM, Context
from countersign.projections.building.builder import Builder, Options
from countersign.projections.building.builds import Build
from countersign.projections.catalogue import PROJECTIONS


def read_model_builder(base: Foundation) -> Builder:
    """One for this process."""
    settings = base.settings.projections
    options = Options(
        builds_at_once=settings.builds_at_once,
        keep_replaced_h=settings.keep_replaced_h,
        letters_max=settings.letters_max,
        poll_s=settings.poll_s,
    )
    decode, read = base.store.mapper.happened, base.databases.read
    return Builder(
        base.log, decode, read, PROJECTIONS, process_name(), _announce(base), options, base.wakeups
    )


def _announce(base: Foundation) -> Callable[[Build], None]:
    def announce(build: Build) -> None:
        told = NotePromotion(
            name=build.name,
            build=build.build,
            replaces=build.replaces,
            position=build.shown_from or 0,
            different=_different(build.report),
        )
        key = str(uuid4())  # told twice, it is noted once all the same
        context = Context(actor=SYSTEM, command_key=key, correlation=key, fresh_key=True)
        base.dispatcher.dispatch(told, context)

    return announce


def _different(report: Any) -> int | None:
    return None if report is None else report.get("different")
