"""A browser that is signed in: its cookie, its token, and the headers that browsers send by themselves."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from falcon.testing import Result, TestClient

from countersign.aggregates.role import Role
from tests.integration.http.service import PASSWORD, email_of

COOKIE = "__Host-countersign"
HERE = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}


@dataclass
class Browser:
    client: TestClient
    cookie: str | None = None
    csrf: str | None = None
    headers: dict[str, str] = field(default_factory=lambda: dict(HERE))

    def sign_in(self, role: Role = Role.ENGINEER) -> Result:
        answer = self.send(
            "POST", "/v1/auth/browser-session", {"email": email_of(role), "password": PASSWORD}
        )
        if answer.status_code == 200:
            self.csrf = answer.json["csrf_token"]
        return answer

    def send(
        self, method: str, path: str, body: Any = None, headers: Mapping[str, str | None] | None = None
    ) -> Result:
        """A request with all that a page of the service would send; a header that is None is left out."""
        told: dict[str, str | None] = {**self.headers}
        told |= {"Cookie": f"{COOKIE}={self.cookie}"} if self.cookie is not None else {}
        told |= {"X-CSRF-Token": self.csrf} if self.csrf else {}
        told |= {"Content-Type": "application/json"} if body is not None else {}
        told |= headers or {}
        answer = self.client.simulate_request(
            method,
            path,
            headers={name: value for name, value in told.items() if value is not None},
            body=None if body is None else json.dumps(body),
        )
        if COOKIE in answer.cookies:
            self.cookie = answer.cookies[COOKIE].value or None
        return answer

    def get(self, path: str, **headers: str | None) -> Result:
        return self.send("GET", path, headers=headers)
