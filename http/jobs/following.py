"""A job told from change to change, as server-sent events (WHATWG HTML, section 9.2)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import monotonic
from typing import Final
from uuid import UUID

from falcon import Request, Response

from countersign.aggregates.root import DomainError
from countersign.eventstore.wakeups import READ
from countersign.http.endpoints import query
from countersign.http.jobs.job import visible_or_not_found
from countersign.http.jobs.job_answer import SETTLED, JobAnswer
from countersign.http.problems import Refusal
from countersign.http.services import Services
from countersign.http.tokens import Claims
from countersign.http.waiting_room import WaitingRoom

EVENT_STREAM: Final = "text/event-stream"
_POLL_S: Final = 0.5
_SIGN_OF_LIFE_S: Final = 10.0
ASK_AGAIN_S: Final = 5.0
"""For so long who listens is believed to be who they were."""
_COME_AGAIN_MS: Final = 1_000


class JobEvents:
    """`GET /v1/jobs/{job_id}/events`."""

    def __init__(self, services: Services, room: WaitingRoom, longest_s: float) -> None:
        self._services = services
        self._room = room
        self._longest_s = longest_s

    @query("Jobs", reads=("job_board",), media=(EVENT_STREAM,))
    def on_get(self, req: Request, resp: Response, job_id: UUID) -> None:
        """Follow a job until it is settled: an event `job` at each change, as `GET /v1/jobs/{job_id}` has it.

        The stream ends after a while, when too many wait, with the job, or with the session; a browser comes
        again by itself, and stops after the event `settled`.
        """

        def look(claims: Claims) -> JobAnswer:
            return visible_or_not_found(self._services, claims, job_id)

        look(req.context.claims)
        resp.content_type = EVENT_STREAM
        resp.cache_control = ["no-store"]
        resp.set_header("X-Accel-Buffering", "no")  # nginx passes each event on at once
        resp.stream = self._told(_Listening(req.context.claims, req.context.ask_again), look)

    def _told(self, listening: _Listening, look: Callable[[Claims], JobAnswer]) -> Iterator[bytes]:
        yield f"retry: {_COME_AGAIN_MS}\n\n".encode()
        with self._room.seat() as seated, self._services.wakeups.listen(READ) as listener:
            until = monotonic() + (self._longest_s if seated else 0.0)
            told, told_at = "", monotonic()
            while True:
                try:
                    job = look(listening.claims())
                except (Refusal, DomainError):  # whoever comes again is told why
                    return
                text = job.model_dump_json()
                if text != told:
                    yield f"event: job\ndata: {text}\n\n".encode()
                    told, told_at = text, monotonic()
                if job.state in SETTLED:
                    yield b"event: settled\ndata: {}\n\n"
                    return
                if monotonic() >= until:
                    return
                if monotonic() - told_at > _SIGN_OF_LIFE_S:
                    yield b": still here\n\n"
                    told_at = monotonic()
                listener.wait(min(_POLL_S, max(0.0, until - monotonic())))


class _Listening:
    """Whoever listens, as the log has them; asked anew now and then, as a request asks."""

    def __init__(self, claims: Claims, ask_again: Callable[[], Claims]) -> None:
        self._claims = claims
        self._ask_again = ask_again
        self._asked_at = monotonic()

    def claims(self) -> Claims:
        if monotonic() - self._asked_at >= ASK_AGAIN_S:
            self._claims, self._asked_at = self._ask_again(), monotonic()
        return self._claims
