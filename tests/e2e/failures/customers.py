"""Customers of a service that fails: they repeat what was not answered under its key, and keep what was."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import requests

from tests.e2e.failures.site import EMAIL, PASSWORD

REST_S = 0.05
LONGEST_ANSWER_S = 30.0


@dataclass(frozen=True)
class Accepted:
    """A command that was acknowledged, and the document that was ordered with it."""

    number: str
    report: str
    position: int
    job: str
    at: float


@dataclass
class Customers:
    """Each creates reports and orders a document of each, one after the other, until told to stop."""

    urls: Sequence[str]
    accepted: list[Accepted] = field(default_factory=list)
    refusals: list[tuple[float, int, str]] = field(default_factory=list)
    slowest_s: float = 0.0
    _stop: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """They work while the body runs, and bring to its end what they have begun."""
        people = [threading.Thread(target=self._work, args=(url,)) for url in self.urls]
        for person in people:
            person.start()
        try:
            yield
        finally:
            self._stop.set()
            for person in people:
                person.join(PATIENCE_S)
        assert not any(person.is_alive() for person in people), self.refusals[-3:]

    def accepted_since(self, moment: float) -> Sequence[Accepted]:
        """What was accepted after that moment of the monotonic clock."""
        return [each for each in self.accepted if each.at > moment]

    def refused_since(self, moment: float) -> Sequence[int]:
        """The statuses of what was refused after that moment; 0 is no answer at all."""
        return [status for at, status, _ in self.refusals if at > moment]

    def _work(self, url: str) -> None:
        with requests.Session() as session:
            session.headers["Authorization"] = f"Bearer {self._token(session, url)}"
            while not self._stop.is_set():
                self.accepted.append(self._order(session, url))
                time.sleep(REST_S)

    def _token(self, session: requests.Session, url: str) -> str:
        answer = self._insist(session, f"{url}/v1/auth/login", {"email": EMAIL, "password": PASSWORD})
        return str(answer.json()["access_token"])

    def _order(self, session: requests.Session, url: str) -> Accepted:
        number = f"KAL-{uuid4().hex[:10]}"
        header = {"document_title": number, "project_reference": "P-1", "client_name": "Kalamata"}
        form = {"report_type": "SAT", "document_number": number, "header": header}
        made = self._insist(session, f"{url}/v1/reports", form)
        report = str(made.json()["id"])
        ordered = self._insist(session, f"{url}/v1/reports/{report}/renderings", {"format": "docx"})
        job = ordered.headers["Location"]
        return Accepted(number, report, int(ordered.headers["Position"]), job, time.monotonic())

    def _insist(self, session: requests.Session, url: str, form: Mapping[str, Any]) -> requests.Response:
        key = {"Idempotency-Key": uuid4().hex}
        while True:
            answer = self._attempt(session, url, form, key)
            if answer is not None:
                return answer
            time.sleep(REST_S)

    def _attempt(
        self, session: requests.Session, url: str, form: Mapping[str, Any], key: Mapping[str, str]
    ) -> requests.Response | None:
        began = time.monotonic()
        try:
            answer = session.post(url, json=form, headers=key, timeout=LONGEST_ANSWER_S)
        except requests.RequestException as nothing:
            self.refusals.append((time.monotonic(), 0, str(nothing)))
            return None
        finally:
            self.slowest_s = max(self.slowest_s, time.monotonic() - began)
        if answer.ok:
            return answer
        self.refusals.append((time.monotonic(), answer.status_code, answer.text))
        assert answer.status_code in (502, 503, 504), answer.text
        return None


PATIENCE_S = 90.0
