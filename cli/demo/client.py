"""A client of the API, as anybody could write one: it repeats what got no answer, under the same key."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import uuid4

import requests

from countersign.cli.demo.journal import Answer, Request
from countersign.cli.demo.people import Person

_PAUSE_S: Final = 0.1
_LONGEST_ANSWER_S: Final = 60.0
_TRY_AGAIN: Final = frozenset({502, 503, 504})


def connections() -> requests.Session:
    """Connections to close when all is said, so that the server need not wait for another request."""
    session = requests.Session()
    session.trust_env = False  # no proxy stands between the demo and its own machine
    return session


class Refused(Exception):
    """The service refused, and says why."""

    def __init__(self, request: Request, answer: Answer) -> None:
        self.status = answer.status
        self.problem: Mapping[str, Any] = answer.body if isinstance(answer.body, dict) else {}
        super().__init__(f"{request.method} {request.path}: {answer.status} {answer.body}")

    @property
    def code(self) -> str:
        """The stable name of the reason."""
        return str(self.problem.get("code", ""))


class Unreachable(Exception):
    """There was no answer for too long."""


class Client:
    """Speaks for nobody, or for the person who signed in; all of them share their connections."""

    def __init__(
        self,
        url: str,
        connections: requests.Session,
        *,
        token: str | None = None,
        patience_s: float = 60.0,
        require_healthy: Callable[[], None] = lambda: None,
    ) -> None:
        self._url = url
        self._connections = connections
        self._authorization = {} if token is None else {"Authorization": f"Bearer {token}"}
        self._patience_s = patience_s
        self._require_healthy = require_healthy

    def sign_in(self, person: Person) -> Client:
        """A client that speaks for that person."""
        credentials = {"email": person.email, "password": person.password}
        token = self.post("/v1/auth/login", credentials).body["access_token"]
        return Client(
            self._url,
            self._connections,
            token=token,
            patience_s=self._patience_s,
            require_healthy=self._require_healthy,
        )

    def prove(self, person: Person) -> None:
        """Give the person's password again, as signing asks for, and go on with the new token."""
        token = self.post("/v1/auth/reauthenticate", {"password": person.password}).body["access_token"]
        self._authorization = {"Authorization": f"Bearer {token}"}

    def get(self, path: str, *, min_position: int = 0, **parameters: Any) -> Answer:
        """Ask a query, which can see at least that position."""
        return self.send(
            Request(method="GET", path=path), {"Min-Position": str(min_position)}, parameters=parameters
        )

    def post(self, path: str, body: Any) -> Answer:
        """Give a command whose key nobody needs to know."""
        return self.command(Request(method="POST", path=path, body=body), str(uuid4()))

    def command(self, request: Request, key: str) -> Answer:
        """Give a command under its key."""
        return self.send(request, {"Idempotency-Key": key})

    def download(self, path: str) -> bytes:
        """The bytes of a document."""
        return self._answered(Request(method="GET", path=path), {}, {}).content

    def send(
        self,
        request: Request,
        headers: Mapping[str, str],
        *,
        parameters: Mapping[str, Any] | None = None,
    ) -> Answer:
        """Send until there is an answer.

        Raises:
            Refused: the answer is no.
            Unreachable: there was none.
        """
        response = self._answered(request, headers, parameters or {})
        return _answer(response)

    def _answered(
        self, request: Request, headers: Mapping[str, str], parameters: Mapping[str, Any]
    ) -> requests.Response:
        give_up, trouble = time.monotonic() + self._patience_s, ""
        while time.monotonic() < give_up:
            try:
                response = self._once(request, headers, parameters)
            except requests.ConnectionError as cut:
                trouble = str(cut)
            except requests.Timeout as late:
                trouble = str(late)
            else:
                if response.status_code not in _TRY_AGAIN:
                    return _accepted(request, response)
                trouble = response.text
            self._require_healthy()
            time.sleep(_PAUSE_S)
        raise Unreachable(f"no answer to {request.method} {request.path}: {trouble}")

    def _once(
        self, request: Request, headers: Mapping[str, str], parameters: Mapping[str, Any]
    ) -> requests.Response:
        given = {} if request.if_match is None else {"If-Match": request.if_match}
        return self._connections.request(
            request.method,
            self._url + request.path,
            params=parameters,
            json=request.body,
            headers={**self._authorization, **headers, **given},
            timeout=_LONGEST_ANSWER_S,
        )


def _accepted(request: Request, response: requests.Response) -> requests.Response:
    if not response.ok:
        raise Refused(request, _answer(response))
    return response


def _answer(response: requests.Response) -> Answer:
    media_type = response.headers.get("Content-Type", "")
    return Answer(
        status=response.status_code,
        body=response.json() if "json" in media_type else None,
        etag=response.headers.get("ETag"),
        location=response.headers.get("Location"),
        position=int(response.headers.get("Position", 0)),
    )
