"""How far a build is: a bar on a terminal, lines elsewhere, JSON lines or nothing for a script."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Final, Protocol

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from countersign.cli.screen import console, say, show_json_line
from countersign.cli.spans import span_of
from countersign.projections.building.pace import Progress as Told

_LINE_EVERY_S: Final = 2.0


class Shown(Protocol):
    """Where progress and results are shown."""

    def of(self, name: str) -> Told:
        """What to tell about one projection."""
        ...

    def say(self, sentence: str) -> None:
        """A result."""
        ...


@contextmanager
def shown_progress(*, quiet: bool, lines_of_json: bool) -> Iterator[Shown]:
    """The way that suits whoever looks."""
    if lines_of_json:
        yield JsonLines()
    elif quiet:
        yield Silence()
    elif not console.is_terminal:
        yield Lines()
    else:
        with _bar() as bar:
            yield Bars(bar)


class Silence:
    """Nobody looks before the end."""

    def of(self, _name: str) -> Told:
        """See `Shown.of`."""
        return lambda *_: None

    def say(self, sentence: str) -> None:
        """See `Shown.say`."""


class Lines:
    """For a file or a pipe."""

    def of(self, name: str) -> Told:
        """A line every two seconds."""
        told_at = monotonic()

        def told(done: int, total: int, rate: float) -> None:
            nonlocal told_at
            if done < total and monotonic() - told_at >= _LINE_EVERY_S:
                told_at = monotonic()
                say(f"{name}: {done} of {total} events, {_pace(total - done, rate)}")

        return told

    def say(self, sentence: str) -> None:
        """See `Shown.say`."""
        say(sentence)


class JsonLines(Silence):
    """For a script that follows: an object a line, each as soon as it is known."""

    def of(self, name: str) -> Told:
        """See `Shown.of`."""

        def told(done: int, total: int, rate: float) -> None:
            remaining_s = _remaining_s(total - done, rate)
            line = {
                "projection": name,
                "done": done,
                "total": total,
                "rate": rate,
                "remaining_s": remaining_s,
            }
            show_json_line(line)

        return told


def _remaining_s(events: int, rate: float) -> float | None:
    if events <= 0:
        return 0.0
    return events / rate if rate > 0 else None


def _pace(events: int, rate: float) -> str:
    remaining_s = _remaining_s(events, rate)
    if remaining_s is None:
        return "waiting for whoever works on it, or for their lease to end"
    return f"{rate:.0f}/s, about {span_of(remaining_s)} to go"


class Bars:
    """For a terminal: a bar for each projection, with rate and estimate."""

    def __init__(self, bar: Progress) -> None:
        self._bar = bar

    def of(self, name: str) -> Told:
        """See `Shown.of`."""
        task = self._bar.add_task(name, total=None, rate="")

        def told(done: int, total: int, rate: float) -> None:
            self._bar.update(task, completed=done, total=max(total, 1), rate=f"{rate:,.0f}/s")
            if done >= total:
                self._bar.refresh()
                self._bar.update(task, visible=False)

        return told

    def say(self, sentence: str) -> None:
        """Above the bar."""
        self._bar.console.print(sentence, markup=False)


def _bar() -> Progress:
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    return Progress(*columns, console=console, transient=True)
