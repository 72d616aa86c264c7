"""Word documents from templates, made in limited processes beside the worker."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from queue import LifoQueue
from types import TracebackType
from typing import Self

import msgspec

from countersign.workers.rendering.limits import Limits, refuse_too_many_rows
from countersign.workers.rendering.warm_process import WarmProcess, nothing, unwatched
from countersign.workers.rendering.wire import Job


@dataclass(frozen=True, slots=True)
class Rendered:
    """A Word document; `duration_ms` is the rendering itself, without the way there and back."""

    docx: bytes
    duration_ms: float


class Renderer:
    """Renders up to `processes` documents at once, for any number of threads; the others wait."""

    def __init__(self, processes: int = 1) -> None:
        self._all = [WarmProcess() for _ in range(processes)]
        self._idle: LifoQueue[WarmProcess] = LifoQueue()  # the warmest first
        for process in self._all:
            self._idle.put(process)

    @property
    def network(self) -> str:
        """How templates are kept from the network: "namespace", "audit hook", or "not started"."""
        return self._all[0].network

    @property
    def process_ids(self) -> list[int]:
        """The rendering processes that run, for who watches the machine."""
        return [process.process_id for process in self._all if process.process_id is not None]

    def start(self) -> None:
        """Start every process now, so that the first document does not wait for it."""
        for process in self._all:
            process.start()

    def render(
        self,
        template: bytes,
        context: Mapping[str, object],
        limits: Limits,
        meanwhile: Callable[[], None] = nothing,
        watched: Callable[[Callable[[], None]], AbstractContextManager[None]] = unwatched,
    ) -> Rendered:
        """The template filled with the context, which is plain data: what JSON can say.

        `meanwhile` is called once the document is under way; what it raises is raised, when that is done.
        `watched` is given what stops it from another thread, and holds that until it is done.

        Raises:
            TemplateInvalid: never worth another attempt.
            RenderLimitExceeded: neither.
            RenderTimeout: out of time.
            RendererLost: the process died; the next attempt gets a new one.
        """
        refuse_too_many_rows(context, limits)
        job = Job(template=template, context=msgspec.json.encode(context), limits=limits)
        process = self._idle.get()
        try:
            with watched(process.kill):
                answer = process.render(job, meanwhile)
        finally:
            self._idle.put(process)
        return Rendered(docx=answer.docx, duration_ms=answer.duration_ms)

    def close(self) -> None:
        """Stop every process; a rendering under way in another thread is lost."""
        for process in self._all:
            process.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.close()
