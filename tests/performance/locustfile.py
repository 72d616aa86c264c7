"""Engineers at work: each signs in, writes a report, submits it and waits for its review copy.

    locust -f tests/performance/locustfile.py --host http://127.0.0.1:8080 \
        --admin-email admin@countersign.example --admin-password ...

The accounts that it takes are registered when it begins, by the administrator of those options (or of
LOAD_ADMIN_EMAIL and LOAD_ADMIN_PASSWORD).
"""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any
from uuid import uuid4

import requests
from locust import HttpUser, constant, events, task
from locust.env import Environment

from countersign.cli.demo.sample import load_sample

SAMPLE = load_sample()
PASSWORD = uuid4().hex
ROUTE = ("technical_manager", "project_manager")
LONGEST_WAIT_S = 30
approvers: dict[str, str] = {}
administrator: dict[str, str] = {}


@events.init_command_line_parser.add_listener  # type: ignore[untyped-decorator]
def add_options(parser: ArgumentParser) -> None:
    parser.add_argument("--admin-email", env_var="LOAD_ADMIN_EMAIL", default="")
    parser.add_argument("--admin-password", env_var="LOAD_ADMIN_PASSWORD", default="", is_secret=True)


@events.test_start.add_listener  # type: ignore[untyped-decorator]
def let_approvers_in(environment: Environment, **_: Any) -> None:
    options: Any = environment.parsed_options
    credentials = {"email": options.admin_email, "password": options.admin_password}
    signed_in = requests.post(f"{environment.host}/v1/auth/login", json=credentials, timeout=LONGEST_WAIT_S)
    signed_in.raise_for_status()
    administrator["Authorization"] = f"Bearer {signed_in.json()['access_token']}"
    for role in ROUTE:
        approvers[role] = register(str(environment.host), role)["id"]


def register(host: str, role: str) -> dict[str, str]:
    """A new account of that role."""
    form = {
        "name": "Load Tester",
        "email": f"{uuid4().hex}@load.example",
        "password": PASSWORD,
        "role": role,
    }
    answer = requests.post(f"{host}/v1/accounts", json=form, headers=administrator, timeout=LONGEST_WAIT_S)
    answer.raise_for_status()
    account: dict[str, str] = answer.json()
    return account


class Engineer(HttpUser):
    """Writes one report after the other; a report counts as made when its document is there."""

    wait_time = constant(0)

    def on_start(self) -> None:
        """Sign in as somebody new."""
        self.email = register(str(self.host), "engineer")["email"]
        credentials = {"email": self.email, "password": PASSWORD}
        self.speak_with(self.client.post("/v1/auth/login", json=credentials, name="log in"))

    def speak_with(self, answer: Any) -> None:
        self.client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    @task
    def make_report(self) -> None:
        """From the first line to the review copy."""
        began = time.perf_counter()
        report = self.begin()
        self.fill(report)
        self.assign(report)
        self.submit(report)
        self.wait_for_review_copy(report)
        took_ms = (time.perf_counter() - began) * 1000
        self.environment.events.request.fire(
            request_type="JOB",
            name="report drafted, submitted and rendered",
            response_time=took_ms,
            response_length=0,
            exception=None,
            context={},
        )

    def begin(self) -> str:
        header = {**SAMPLE.header, "document_reference": f"LOAD-{uuid4().hex[:12]}"}
        form = {"report_type": "SAT", "header": header}
        return str(self.client.post("/v1/reports", json=form, name="begin a report").json()["id"])

    def fill(self, report: str) -> None:
        for section, content in SAMPLE.sections.items():
            self.client.put(
                f"/v1/reports/{report}/sections/{section}",
                json={"content": content},
                headers={"If-Match": '"empty"'},
                name="save a section",
            )

    def assign(self, report: str) -> None:
        for stage, role in enumerate(ROUTE, 1):
            self.client.put(
                f"/v1/reports/{report}/stages/{stage}/approver",
                json={"approver": approvers[role]},
                headers={"If-Match": self.version(report)},
                name="assign an approver",
            )

    def submit(self, report: str) -> None:
        proof = {"password": PASSWORD}
        self.speak_with(self.client.post("/v1/auth/reauthenticate", json=proof, name="reauthenticate"))
        seen = {"If-Match": self.version(report)}
        self.client.post(f"/v1/reports/{report}/submit", json={}, headers=seen, name="submit")

    def wait_for_review_copy(self, report: str) -> None:
        give_up = time.monotonic() + LONGEST_WAIT_S
        state = "not ordered"
        while time.monotonic() < give_up:
            found = self.client.get(f"/v1/reports/{report}/renderings", name="list documents").json()["items"]
            if found:
                state = self.client.get(f"{found[0]['job']}?wait=10", name="wait for a job").json()["state"]
            if state == "succeeded":
                return
            time.sleep(0.1)
        raise TimeoutError(f"the review copy of {report} is {state} after {LONGEST_WAIT_S} s")

    def version(self, report: str) -> str:
        return str(self.client.get(f"/v1/reports/{report}", name="read a report").headers["ETag"])
