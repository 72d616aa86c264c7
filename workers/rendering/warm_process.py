"""The worker's side of one rendering process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from threading import Timer
from types import MappingProxyType
from typing import IO, cast

import msgspec

from countersign.workers.rendering.failures import (
    RendererLost,
    RenderFailure,
    RenderLimitExceeded,
    RenderTimeout,
    TemplateInvalid,
)
from countersign.workers.rendering.harmless import harmless_environment
from countersign.workers.rendering.wire import Answer, Job, Outcome, Ready, receive, send

COMMAND = (sys.executable, "-P", "-m", "countersign.workers.rendering.process")
START_S = 30.0
GRACE_S = 5.0
FAILURES: Mapping[Outcome, type[RenderFailure]] = MappingProxyType(
    {"invalid": TemplateInvalid, "limit": RenderLimitExceeded, "timeout": RenderTimeout, "lost": RendererLost}
)


def nothing() -> None:
    """There is nothing to do while waiting."""


def unwatched(_stop: Callable[[], None]) -> AbstractContextManager[None]:
    """Nobody stops it before its time is over."""
    return nullcontext()


class WarmProcess:
    """A rendering process that is started when needed and started again when it was lost.

    Not for two threads at once. It is a session of its own, so that a Ctrl-C in the worker's terminal does
    not reach it before the worker has decided what to do.
    """

    network = "not started"

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def process_id(self) -> int | None:
        """The running process, or nothing."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    def start(self) -> None:
        """Start it unless it runs; returns when it is warm.

        Raises:
            RendererLost: it did not come up.
        """
        if self.process_id is not None:
            return
        self.close()
        self._process = subprocess.Popen(  # noqa: S603 - a fixed command
            COMMAND,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
            env=harmless_environment(),
        )
        ready = self._received(START_S)
        if ready is None:
            self.close()
            raise RendererLost("the rendering process did not start; its standard error says why")
        self.network = msgspec.msgpack.decode(ready, type=Ready).network

    def render(self, job: Job, meanwhile: Callable[[], None]) -> Answer:
        """Raises:
        RenderFailure: in the class that says whether another attempt makes sense.
        """
        self.start()
        frame = self._received(job.limits.wall_s + GRACE_S, job, meanwhile)
        if frame is None:
            self.close()
            raise RendererLost("the rendering process is gone")
        answer = msgspec.msgpack.decode(frame, type=Answer)
        if failure := FAILURES.get(answer.outcome):
            raise failure(answer.message)
        return answer

    def close(self) -> None:
        """Stop it, and with it what it forked."""
        if self._process is None:
            return
        self.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            cast("IO[bytes]", stream).close()
        self._process = None

    def kill(self) -> None:
        """End it together with its fork; both are one process group."""
        if self.process_id is not None:
            os.killpg(self.process_id, signal.SIGKILL)

    def _received(
        self, within_s: float, job: Job | None = None, meanwhile: Callable[[], None] = nothing
    ) -> bytes | None:
        """The next frame, after sending the job; the process is killed when none comes in time."""
        process = cast("subprocess.Popen[bytes]", self._process)
        overdue = Timer(within_s, self.kill)
        overdue.start()
        try:
            sent = job is None or _sent(job, cast("IO[bytes]", process.stdin))
            try:
                meanwhile()
            finally:  # what was asked for is fetched, or the next caller would get it
                frame = receive(cast("IO[bytes]", process.stdout)) if sent else None
            return frame
        finally:
            overdue.cancel()


def _sent(job: Job, stream: IO[bytes]) -> bool:
    try:
        send(stream, job)
    except BrokenPipeError:
        return False
    return True
