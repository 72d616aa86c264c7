"""The job, from the first account to the document in the client's hands."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from rich.markup import escape

from countersign.cli.demo.delivering import DELIVERING
from countersign.cli.demo.drafting import DRAFTING
from countersign.cli.demo.reviewing import REVIEWING
from countersign.cli.demo.scene import Scene
from countersign.cli.screen import console

STORY: Final = (*DRAFTING, *REVIEWING, *DELIVERING)


class StepFailed(Exception):
    """A step of the story did not succeed."""


def tell(scene: Scene) -> None:
    """Do every step and show what came of it; in a run that goes on, what was done is only shown.

    Raises:
        StepFailed: with the step and the reason.
    """
    for number, step in enumerate(STORY, 1):
        with shown(f"{number:2}/{len(STORY)} {step.title}") as say_result:
            try:
                say_result.append(step.act(scene))
            except Exception as reason:
                raise StepFailed(f"{step.title}: {reason}") from reason


@contextmanager
def shown(title: str) -> Iterator[list[str]]:
    """Show that something is under way, then that it is done, in how long, and the result that was added."""
    began, result = time.perf_counter(), list[str]()
    with console.status(escape(title)):
        yield result
    took_s = time.perf_counter() - began
    detail = escape(": " + " ".join(result)) if result else ""
    console.print(f"[green]✓[/green] {escape(title)}{detail} [dim]({took_s:.1f} s)[/dim]")
