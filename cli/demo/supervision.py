"""Keeps the demo's processes running: one that dies is started again, and all are ended at the end."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from countersign.cli.demo.leash import command_on_leash
from countersign.cli.demo.process_table import ProcessTable

_LOOK_EVERY_S: Final = 0.1
_SHORT_LIFE_S: Final = 3.0
_SHORT_LIVES_AT_MOST: Final = 5
_PATIENCE_S: Final = 15.0


class ProcessBroken(Exception):
    """A process dies as soon as it is started."""


@dataclass(frozen=True, slots=True)
class Program:
    """What to run; its output goes to `log`."""

    name: str
    command: Sequence[str]
    log: Path


@dataclass(slots=True)
class _Life:
    program: Program
    process: subprocess.Popen[bytes]
    began: float
    short_lives: int = 0


@dataclass(slots=True)
class Supervision:
    """Runs programs until left; enter it to start them. Each gets the descriptors `inherited`.

    A process that was started by a thread ends with that thread (prctl(2)), so one thread starts them all.
    """

    programs: Sequence[Program]
    environment: Mapping[str, str]
    table: ProcessTable
    inherited: Sequence[int] = ()
    restarts: list[str] = field(default_factory=list)
    _lives: dict[str, _Life] = field(default_factory=dict)
    _stop: threading.Event = field(default_factory=threading.Event)
    _started: threading.Event = field(default_factory=threading.Event)
    _watcher: threading.Thread | None = None
    _broken: str | None = None

    def __enter__(self) -> Self:
        self._watcher = threading.Thread(target=self._watch, name="supervision", daemon=True)
        self._watcher.start()
        self._started.wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        if self._watcher is not None:
            self._watcher.join()

    def require_healthy(self) -> None:
        """Refuse to wait for what will not come.

        Raises:
            ProcessBroken: naming the log file that tells more.
        """
        if self._broken is not None:
            raise ProcessBroken(self._broken)

    def _watch(self) -> None:
        try:
            for program in self.programs:
                self._lives[program.name] = _Life(program, self._start(program), time.monotonic())
            self._note()
            self._started.set()
            while not self._stop.wait(_LOOK_EVERY_S):
                self._revive()
        except OSError as refused:
            self._broken = f"a process could not be started: {refused}"
        finally:
            self._started.set()
            self._end()

    def _revive(self) -> None:
        for life in self._lives.values():
            if life.process.poll() is None or life.short_lives >= _SHORT_LIVES_AT_MOST:
                continue
            short = time.monotonic() - life.began < _SHORT_LIFE_S
            life.short_lives = life.short_lives + 1 if short else 0
            if life.short_lives >= _SHORT_LIVES_AT_MOST:
                status = life.process.returncode
                self._broken = (
                    f"{life.program.name} ends with status {status} at once: see {life.program.log}"
                )
                continue
            self.restarts.append(life.program.name)
            life.process, life.began = self._start(life.program), time.monotonic()
            self._note()

    def _start(self, program: Program) -> subprocess.Popen[bytes]:
        with program.log.open("ab") as log:
            return subprocess.Popen(  # noqa: S603 - programs of this project
                command_on_leash(program.command),
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=self.inherited,
                start_new_session=True,  # Ctrl-C is for the demo, which then ends them in order
            )

    def _note(self) -> None:
        self.table.write({name: life.process.pid for name, life in self._lives.items()})

    def _end(self) -> None:
        give_up = time.monotonic() + _PATIENCE_S
        for life in reversed(self._lives.values()):  # the first ones serve the later ones to the last
            life.process.terminate()
            try:
                life.process.wait(max(0.0, give_up - time.monotonic()))
            except subprocess.TimeoutExpired:
                life.process.kill()
                life.process.wait()
        self.table.write({})
