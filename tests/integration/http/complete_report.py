"""A report with all that it needs, and what is done with it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from countersign.aggregates.role import Role
from tests.integration.http.service import PASSWORD, Caller, Service, sample

RECIPIENT = {"name": "Νίκος Παπαδάκης", "email": "n.papadakis@client.example"}


class Report:
    """One report at somebody's desk."""

    def __init__(self, service: Service, path: str) -> None:
        self.service = service
        self.path = path
        self.id = UUID(path.rpartition("/")[2])

    def as_seen_by(self, caller: Caller) -> dict[str, Any]:
        answer = caller.get(self.path)
        assert answer.status_code == 200, answer.text
        assert answer.headers["etag"] == f'"v{answer.json["version"]}"'
        found: dict[str, Any] = answer.json
        return found

    def etag(self, caller: Caller) -> str:
        return f'"v{self.as_seen_by(caller)["version"]}"'

    def sign(self, caller: Caller, verb: str, body: dict[str, Any]) -> dict[str, Any]:
        assert caller.post("/v1/auth/reauthenticate", {"password": PASSWORD}).status_code == 200
        return self.act(caller, verb, body)

    def act(self, caller: Caller, verb: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = caller.post(f"{self.path}/{verb}", body, if_match=self.etag(caller))
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json
        return found

    def approve(self, caller: Caller, stage: int) -> dict[str, Any]:
        digest = self.as_seen_by(caller)["content_digest"]
        body = {"content_digest": digest, "meaning": "approval", "comment": "checked"}
        return self.sign(caller, f"stages/{stage}/approve", body)


@pytest.fixture
def report(service: Service, engineer: Caller) -> Report:
    content = sample()
    begun = engineer.post("/v1/reports", {"report_type": "SAT", "header": content["header"]})
    assert begun.status_code == 201, begun.text
    report = Report(service, begun.headers["location"])
    for section, given in content.items():
        if section != "header":
            path = f"{report.path}/sections/{section}"
            saved = engineer.put(path, {"content": given}, if_match='"empty"')
            assert saved.status_code == 200, saved.text
    for stage, role in ((1, Role.TECHNICAL_MANAGER), (2, Role.PROJECT_MANAGER)):
        service.catch_up()
        candidates = engineer.get(f"{report.path}/stages/{stage}/candidates").json["items"]
        assert [each["name"] for each in candidates] == [f"Person {role}"]
        body = {"approver": candidates[0]["id"]}
        path = f"{report.path}/stages/{stage}/approver"
        assert engineer.put(path, body, if_match=report.etag(engineer)).status_code == 200
    return report
