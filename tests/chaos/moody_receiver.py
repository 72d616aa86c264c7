"""Endpoints that fail now and then, before they have taken a delivery or after it."""

from __future__ import annotations

import json
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from typing import Any


class Mood(StrEnum):
    """What befalls a call."""

    GOOD = "good"
    REFUSES = "refuses"
    IS_BUSY = "is busy"
    CUTS_BEFORE = "cuts before it has taken it"
    CUTS_AFTER = "cuts after it has taken it"


SHARES = {Mood.REFUSES: 0.08, Mood.IS_BUSY: 0.02, Mood.CUTS_BEFORE: 0.05, Mood.CUTS_AFTER: 0.02}


@dataclass(frozen=True)
class Taken:
    """A delivery that an endpoint has taken."""

    id: str
    position: int
    body: bytes


class MoodyReceiver:
    """Keeps what each of its endpoints (`/0`, `/1`, ...) has taken, in that order."""

    def __init__(self, random: Random) -> None:
        self.port = 0
        self.taken: dict[str, list[Taken]] = defaultdict(list)
        self.met: list[Mood] = []
        self._random = random
        self._lock = threading.Lock()

    def meet(self, path: str, message_id: str, body: bytes) -> Mood:
        """What befalls this call."""
        with self._lock:
            mood = self._random.choices([*SHARES, Mood.GOOD], [*SHARES.values(), 1 - sum(SHARES.values())])[0]
            self.met.append(mood)
            if mood in (Mood.GOOD, Mood.CUTS_AFTER):
                self.taken[path].append(Taken(message_id, json.loads(body)["position"], body))
        return mood

    @property
    def count(self) -> int:
        """How much was taken, all in all."""
        with self._lock:
            return sum(map(len, self.taken.values()))


ANSWERS: dict[Mood, int] = {Mood.GOOD: 204, Mood.REFUSES: 500, Mood.IS_BUSY: 429}


@contextmanager
def moody_receiver(random: Random) -> Iterator[MoodyReceiver]:
    """Listens until the block ends."""
    receiver = MoodyReceiver(random)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            mood = receiver.meet(self.path, self.headers["webhook-id"], body)
            if mood in ANSWERS:
                self.send_response(ANSWERS[mood])
                self.send_header("Content-Length", "0")
                self.end_headers()
            self.close_connection = True

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        receiver.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield receiver
        finally:
            server.shutdown()
            thread.join()
