from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from countersign.aggregates.role import Role
from countersign.commands.account.disable_account import DisableAccount
from tests.integration.http.conftest import opened
from tests.integration.http.service import PASSWORD, Caller, Service, sample

NEVER = "/v1/api-clients/00000000-0000-4000-8000-000000000000"


def terms(service: Service, *scopes: str, **more: Any) -> dict[str, Any]:
    end = service.clock() + timedelta(days=30)
    return {"name": "Site tablet", "scopes": list(scopes), "expires_at": end.isoformat(), **more}


def let_in(service: Service, role: Role, *scopes: str) -> tuple[dict[str, Any], Caller]:
    """A client made by the person in that role, and somebody who calls with its key."""
    answer = service.signed_in(role).post("/v1/api-clients", terms(service, *scopes))
    assert answer.status_code == 201, answer.text
    client: dict[str, Any] = answer.json
    return client, Caller(service.client, {"access_token": client["key"], "account": client["id"]})


@pytest.fixture
def manager(service: Service) -> Caller:
    return service.signed_in(Role.TECHNICAL_MANAGER)


def test_the_key_is_shown_in_the_answer_and_nowhere_else(service: Service, manager: Caller) -> None:
    client, _ = let_in(service, Role.TECHNICAL_MANAGER, "reports:read")

    assert client["key"].startswith(f"{client['key_prefix']}_")
    service.catch_up()
    shown = [manager.get(f"/v1/api-clients/{client['id']}"), manager.get("/v1/api-clients")]
    secret = client["key"].split("_", 2)[2]
    stored = b"".join(recorded.state + recorded.metadata for recorded in service.log.read(0, 10_000))
    assert all("key" not in answer.json and secret not in answer.text for answer in shown)
    assert secret.encode() not in stored


def test_a_lost_answer_can_be_asked_for_again_for_some_minutes(service: Service, manager: Caller) -> None:
    wanted = terms(service, "reports:read")
    first = manager.post("/v1/api-clients", wanted, key="once")
    again = manager.post("/v1/api-clients", wanted, key="once")
    assert (first.status_code, first.headers["cache-control"]) == (201, "no-store")
    assert again.json == first.json

    service.clock.ahead += timedelta(minutes=11)
    late = manager.post("/v1/api-clients", wanted, key="once")
    assert late.status_code == 201
    assert late.json == {**first.json, "key": None}


def test_a_client_does_what_its_scopes_and_its_creator_allow(service: Service) -> None:
    _, program = let_in(service, Role.TECHNICAL_MANAGER, "reports:create", "reports:read")

    begun = program.post("/v1/reports", {"report_type": "SAT", "header": sample()["header"]})
    assert begun.status_code == 201, begun.text
    path = begun.headers["location"]
    service.catch_up()
    seen = program.get(path).json
    manager = service.signed_in(Role.TECHNICAL_MANAGER)
    assert (seen["owner"]["id"], manager.get(path).status_code) == (manager.account, 200)
    assert [each["id"] for each in program.get("/v1/reports").json["items"]] == [seen["id"]]
    changed = program.patch(path, {"changes": {"client_name": "Other"}}, if_match='"v1"')
    assert (changed.status_code, changed.json["code"]) == (403, "not_permitted")


def test_a_client_without_reports_read_learns_nothing_of_them(service: Service) -> None:
    reader = service.signed_in(Role.TECHNICAL_MANAGER)
    path = reader.post("/v1/reports", {"report_type": "SAT", "header": sample()["header"]}).headers[
        "location"
    ]
    _, program = let_in(service, Role.TECHNICAL_MANAGER, "reports:create")

    assert program.get(path).status_code == 404
    assert program.get("/v1/reports").status_code == 403
    assert program.patch(path, {"changes": {"client_name": "Other"}}, if_match='"v1"').status_code == 404


def test_a_client_never_signs(service: Service) -> None:
    scopes = ("reports:create", "reports:read", "reports:update", "reports:download")
    _, program = let_in(service, Role.ADMINISTRATOR, *scopes)
    path = program.post("/v1/reports", {"report_type": "SAT", "header": sample()["header"]}).headers[
        "location"
    ]
    digest = program.get(path).json["content_digest"]
    decisions: Mapping[str, dict[str, Any]] = {
        "submit": {},
        "stages/1/approve": {"content_digest": digest, "meaning": "approval"},
        "stages/1/request-changes": {"reason": "because it is so"},
    }

    for step, body in decisions.items():
        answer = program.post(f"{path}/{step}", body, if_match='"v1"')
        assert (answer.status_code, answer.json["code"]) == (403, "not_permitted"), step
    proof = program.post("/v1/auth/reauthenticate", {"password": PASSWORD})
    assert (proof.status_code, proof.json["code"]) == (403, "session_required")
    assert program.get("/v1/me").status_code == 403


def test_a_client_has_no_sessions_to_end(service: Service) -> None:
    _, program = let_in(service, Role.ADMINISTRATOR, "admin:manage_users")

    answer = program.send("DELETE", "/v1/sessions")

    assert (answer.status_code, answer.json["code"]) == (403, "session_required")


@pytest.mark.parametrize(
    "broken",
    [
        "cs_",
        "cs_aaaaaaaaaaaa_" + "a" * 43,
        "cs_AAAAAAAAAAAA_" + "a" * 43,
        "cs_" + "a" * 100_000,
        "cs_aaaaaaaaaaaa.aaa.aaa",
    ],
)
def test_what_is_no_key_is_refused_alike(service: Service, broken: str) -> None:
    answer = Caller(service.client, {"access_token": broken}).get("/v1/reports")

    assert (answer.status_code, answer.json["code"]) == (401, "invalid_api_key")
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_the_secret_of_another_client_or_a_changed_one_is_refused(service: Service) -> None:
    one, _ = let_in(service, Role.TECHNICAL_MANAGER, "reports:read")
    other, _ = let_in(service, Role.ADMINISTRATOR, "reports:read")
    prefix, secret = one["key_prefix"], one["key"].split("_", 2)[2]

    for key in (
        f"{other['key_prefix']}_{secret}",
        f"{prefix}_{secret[:-1]}-",
        f"{prefix}_{secret.swapcase()}",
    ):
        assert Caller(service.client, {"access_token": key}).get("/v1/reports").status_code == 401


def test_a_key_stands_in_the_header_and_nowhere_else(service: Service) -> None:
    client, _ = let_in(service, Role.TECHNICAL_MANAGER, "reports:read")

    for name in ("apikey", "api_key", "access_token"):
        without = service.nobody.get("/v1/reports", **{name: client["key"]})
        beside = service.signed_in(Role.AUDITOR).get("/v1/reports", **{name: client["key"]})
        assert (without.status_code, beside.status_code) == (401, 422)
        assert client["key"] not in beside.text
    body = {"report_type": "SAT", "header": {}, "api_key": client["key"]}
    assert service.nobody.post("/v1/reports", body).status_code == 401
    assert service.nobody.get("/v1/reports", headers={"X-Api-Key": client["key"]}).status_code == 401
    assert service.nobody.get("/v1/reports", headers={"Cookie": f"key={client['key']}"}).status_code == 401


def test_after_a_rotation_both_keys_are_good_until_the_overlap_is_over(
    service: Service, manager: Caller
) -> None:
    client, old = let_in(service, Role.TECHNICAL_MANAGER, "reports:read")
    path = f"/v1/api-clients/{client['id']}/rotate-key"

    rotated = manager.post(path, {"overlap_s": 600}, key="again")
    new = Caller(service.client, {"access_token": rotated.json["key"]})
    assert rotated.json["key"] not in (None, client["key"])
    assert manager.post(path, {"overlap_s": 600}, key="again").json["key"] == rotated.json["key"]
    assert [each.get("/v1/reports").status_code for each in (old, new)] == [200, 200]

    service.clock.ahead += timedelta(seconds=601)
    assert [each.get("/v1/reports").status_code for each in (old, new)] == [401, 200]
    at_once = manager.post(path, {"overlap_s": 0})
    newest = Caller(service.client, {"access_token": at_once.json["key"]})
    assert [each.get("/v1/reports").status_code for each in (new, newest)] == [401, 200]


def test_a_suspended_revoked_or_expired_client_is_told_so(service: Service, manager: Caller) -> None:
    client, program = let_in(service, Role.TECHNICAL_MANAGER, "reports:read", "reports:create")
    path = f"/v1/api-clients/{client['id']}"
    form = {"report_type": "SAT", "header": sample()["header"]}
    assert program.post("/v1/reports", form, key="first").status_code == 201

    assert manager.post(f"{path}/suspend", {"reason": "a lost tablet"}).json["status"] == "suspended"
    for answer in (program.get("/v1/reports"), program.post("/v1/reports", form, key="first")):
        assert (answer.status_code, answer.json["code"]) == (401, "api_client_not_in_force")
    assert manager.post(f"{path}/resume").json["status"] == "active"
    assert program.get("/v1/reports").status_code == 200

    service.clock.ahead += timedelta(days=31)
    assert program.get("/v1/reports").json["code"] == "api_client_not_in_force"
    service.clock.ahead -= timedelta(days=31)
    assert manager.post(f"{path}/revoke", {"reason": "not needed"}).json["status"] == "revoked"
    assert program.get("/v1/reports").json["code"] == "api_client_not_in_force"
    again = manager.post(f"{path}/resume")
    assert (again.status_code, again.json["code"]) == (409, "api_client_revoked")


def test_what_one_process_is_told_every_other_knows_at_once(
    service: Service, manager: Caller, tmp_path: Path
) -> None:
    client, program = let_in(service, Role.TECHNICAL_MANAGER, "reports:read")
    path = f"/v1/api-clients/{client['id']}"
    with opened(tmp_path / "data") as other:
        there = Caller(other.client, program.tokens)
        assert there.get("/v1/reports").status_code == 200
        manager.post(f"{path}/suspend", {"reason": "a lost tablet"})
        assert there.get("/v1/reports").status_code == 401
        manager.post(f"{path}/resume")
        assert there.get("/v1/reports").status_code == 200

        disable = DisableAccount(account_id=UUID(manager.account), reason="left the firm")
        service.give(disable, actor=UUID(service.signed_in(Role.ADMINISTRATOR).account))
        refused = there.get("/v1/reports")
        assert (refused.status_code, refused.json["code"]) == (401, "api_client_not_in_force")


def test_new_terms_need_the_version_that_was_read(service: Service, manager: Caller) -> None:
    client, program = let_in(service, Role.TECHNICAL_MANAGER, "reports:read")
    path = f"/v1/api-clients/{client['id']}"
    wanted = terms(service, "reports:create", name="Ωμέγα tablet", rate_limit=10)

    assert manager.put(path, wanted).status_code == 428
    changed = manager.put(path, wanted, if_match='"v1"')
    assert (changed.json["scopes"], changed.json["rate_limit"]) == (["reports:create"], 10)
    assert manager.put(path, wanted, if_match='"v1"').status_code == 412
    assert program.get("/v1/reports").status_code == 403


def test_nobody_gives_away_more_than_they_may(service: Service, manager: Caller) -> None:
    answer = manager.post("/v1/api-clients", terms(service, "reports:read", "admin:manage_users"))
    assert (answer.status_code, answer.json["code"]) == (403, "scope_not_grantable")

    unknown = manager.post("/v1/api-clients", terms(service, "reports:approve"))
    assert (unknown.status_code, unknown.json["code"]) == (422, "invalid_api_client")
    too_long = terms(service, "reports:read", expires_at=(service.clock() + timedelta(days=366)).isoformat())
    assert manager.post("/v1/api-clients", too_long).json["errors"][0]["pointer"] == "/expires_at"
    engineer = service.signed_in(Role.ENGINEER).post("/v1/api-clients", terms(service, "reports:read"))
    assert engineer.status_code == 403


def test_the_list_of_scopes_says_which_one_may_give(service: Service, manager: Caller) -> None:
    listed = {
        each["scope"]: each["grantable"] for each in manager.get("/v1/api-clients/scopes").json["items"]
    }

    assert listed["reports:update"] is True
    assert listed["admin:manage_users"] is False


def test_somebody_elses_client_is_not_there(service: Service, manager: Caller) -> None:
    client, _ = let_in(service, Role.ADMINISTRATOR, "reports:read")
    path = f"/v1/api-clients/{client['id']}"
    service.catch_up()

    for other in (manager, service.signed_in(Role.AUDITOR)):
        for missing in (path, NEVER):
            assert other.get(missing).status_code == 404
            assert other.get(f"{missing}/usage").status_code == 404
            assert other.post(f"{missing}/suspend", {"reason": "x"}).status_code == 404
            assert other.post(f"{missing}/rotate-key", {"overlap_s": 0}).status_code == 404
            assert other.put(missing, terms(service, "reports:read"), if_match='"v1"').status_code == 404
    assert manager.get("/v1/api-clients").json["items"] == []
    assert manager.get("/v1/api-clients", creator=client["creator"]["id"]).json["items"] == []
    assert service.signed_in(Role.AUDITOR).get("/v1/api-clients").status_code == 403
    listed = service.signed_in(Role.ADMINISTRATOR).get("/v1/api-clients").json["items"]
    assert [each["id"] for each in listed] == [client["id"]]


def test_a_client_sees_itself(service: Service) -> None:
    client, program = let_in(service, Role.TECHNICAL_MANAGER, "reports:read")

    assert program.get(f"/v1/api-clients/{client['id']}").json["name"] == "Site tablet"
    assert program.get("/v1/api-clients").status_code == 403


def test_the_audit_log_names_the_client_and_on_whose_behalf_it_acts(service: Service) -> None:
    client, program = let_in(service, Role.TECHNICAL_MANAGER, "reports:create")
    program.post("/v1/reports", {"report_type": "SAT", "header": sample()["header"]})
    service.catch_up()

    entries = service.signed_in(Role.AUDITOR).get("/v1/audit", actor=client["id"]).json["items"]
    assert {entry["action"] for entry in entries} == {"report.created", "document_number.reserved"}
    assert entries[0]["actor"] == {"id": client["id"], "name": "Site tablet"}
    assert entries[0]["on_behalf_of"] == client["creator"]["id"]


def test_the_use_of_a_client_is_counted_by_hour(service: Service, manager: Caller) -> None:
    client, program = let_in(service, Role.TECHNICAL_MANAGER, "reports:read")
    for path in ("/v1/reports", "/v1/reports", NEVER, "/v1/audit"):
        program.get(path)
    service.services.usage.flush()
    program.get("/v1/reports")
    service.services.usage.flush()

    (hour,) = manager.get(f"/v1/api-clients/{client['id']}/usage").json["items"]
    assert (hour["span"], hour["requests"], hour["refused"], hour["failed"]) == ("hour", 5, 2, 0)
    assert datetime.fromisoformat(hour["began_at"]) <= datetime.now(UTC)
    past = (service.clock() - timedelta(days=2)).isoformat()
    assert manager.get(f"/v1/api-clients/{client['id']}/usage", before=past).json["items"] == []
