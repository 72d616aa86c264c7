from __future__ import annotations

from countersign.aggregates.role import Role
from tests.integration.http.service import Caller, email_of


def test_whoever_signs_in_is_told_who_they_are(engineer: Caller) -> None:
    me = engineer.get("/v1/me")

    assert me.status_code == 200
    assert me.json["role"] == "engineer"
    assert me.json["email"] == email_of(Role.ENGINEER)
    assert me.json["may"]["CreateReport"] == "any"
    assert me.json["session"]["reauthenticated_at"] is None
