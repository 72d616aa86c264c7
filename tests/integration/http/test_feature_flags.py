"""Features are switched while the service runs, by administrators, and the audit log tells why."""

from __future__ import annotations

from typing import Any

import pytest

from countersign.aggregates.role import Role
from countersign.eventstore.watched import FRESH_S
from tests.integration.http.service import Service

OFF = {"enabled": False, "reason": "the network is closed"}
FLAG = "/v1/feature-flags/docs_pages"


@pytest.fixture
def moved_on(service: Service, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Let the time pass after which a process looks again."""
    ahead = [0.0]
    before = service.flags._flags._monotonic
    monkeypatch.setattr(service.flags._flags, "_monotonic", lambda: before() + ahead[0])

    def move_on() -> None:
        ahead[0] += FRESH_S

    return move_on


def items(service: Service, role: Role = Role.ADMINISTRATOR) -> dict[str, Any]:
    answer = service.signed_in(role).get("/v1/feature-flags")
    assert answer.status_code == 200, answer.text
    return {item["name"]: item for item in answer.json["items"]}


def test_a_feature_that_is_switched_off_is_not_there_until_it_is_switched_on_again(
    service: Service, moved_on: Any
) -> None:
    administrator = service.signed_in(Role.ADMINISTRATOR)
    assert service.nobody.get("/docs").status_code == 200

    answer = administrator.put(FLAG, OFF)
    moved_on()

    assert answer.status_code == 200, answer.text
    assert (answer.json["enabled"], answer.json["configured"]) == (False, True)
    for path in ("/docs", "/docs/redoc"):
        refused = service.nobody.get(path)
        assert (refused.status_code, refused.json["code"]) == (404, "not_found")
    assert "documentation" not in service.nobody.get("/").json["links"]
    assert items(service)["docs_pages"]["reason"] == OFF["reason"]

    administrator.put(FLAG, {"enabled": True, "reason": "it is open again"})
    moved_on()

    assert service.nobody.get("/docs").status_code == 200
    assert "documentation" in service.nobody.get("/").json["links"]


def test_the_figures_are_a_feature_too(service: Service, moved_on: Any) -> None:
    administrator = service.signed_in(Role.ADMINISTRATOR)

    administrator.put("/v1/feature-flags/metrics", OFF)
    moved_on()
    off = service.nobody.get("/metrics").status_code
    administrator.put("/v1/feature-flags/metrics", {"enabled": True, "reason": "back"})
    moved_on()

    assert (off, service.nobody.get("/metrics").status_code) == (404, 200)


def test_every_feature_is_listed_as_configured(service: Service) -> None:
    assert set(items(service, Role.OPERATOR)) == {"docs_pages", "metrics", "review_copies"}


def test_the_audit_log_tells_who_switched_what_and_why(service: Service) -> None:
    administrator = service.signed_in(Role.ADMINISTRATOR)
    administrator.put("/v1/feature-flags/review_copies", {"enabled": False, "reason": "paper only"})
    service.catch_up()

    [entry] = administrator.get("/v1/audit", action="feature_flag.set", limit=1).json["items"]

    assert entry["summary"] == "Feature review_copies switched off: paper only"
    assert entry["actor"]["id"] == administrator.account
    administrator.put("/v1/feature-flags/review_copies", {"enabled": True, "reason": "and screens"})


def test_only_administrators_switch_and_operators_look(service: Service) -> None:
    for role in set(Role) - {Role.ADMINISTRATOR}:
        person = service.signed_in(role)
        assert person.put(FLAG, OFF).status_code == 403
        assert person.get("/v1/feature-flags").status_code == (200 if role is Role.OPERATOR else 403)
    assert service.nobody.put(FLAG, OFF).status_code == 401


@pytest.mark.parametrize(
    ("name", "body", "code"),
    [
        ("warp", OFF, "unknown_feature_flag"),
        ("docs_pages", {"enabled": False}, "invalid_body"),
        ("docs_pages", {"enabled": False, "reason": "  "}, "flag_reason_required"),
        ("docs_pages", {"enabled": "no", "reason": "x", "more": 1}, "invalid_body"),
    ],
)
def test_what_does_not_fit_is_refused(service: Service, name: str, body: Any, code: str) -> None:
    answer = service.signed_in(Role.ADMINISTRATOR).put(f"/v1/feature-flags/{name}", body)

    assert (answer.status_code, answer.json["code"]) == (422, code)
