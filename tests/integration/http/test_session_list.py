"""Seeing one's sessions, ending them, and keeping out of those of others."""

from __future__ import annotations

from uuid import uuid4

from countersign.aggregates.role import Role
from tests.integration.http.service import PASSWORD, Caller, Service, email_of

CREDENTIALS = {"email": email_of(Role.ENGINEER), "password": PASSWORD}


def another(service: Service) -> Caller:
    answer = service.nobody.post("/v1/auth/login", CREDENTIALS, headers={"User-Agent": "tablet"})
    assert answer.status_code == 200
    return Caller(service.client, answer.json)


def test_the_list_tells_where_from_and_since_when_and_which_one_asks(
    service: Service, engineer: Caller
) -> None:
    tablet = another(service)
    service.catch_up()

    answer = engineer.get("/v1/sessions")

    assert answer.status_code == 200
    newest, current = answer.json["items"]
    assert (newest["id"], newest["current"], newest["agent"]) == (tablet.tokens["session"], False, "tablet")
    assert (current["id"], current["current"]) == (engineer.tokens["session"], True)
    assert newest["network"] == "127.0.0.1"
    assert newest["factors"] == ["password"]
    assert newest["ended_at"] is None


def test_an_ended_session_leaves_the_list_and_is_found_among_all(service: Service, engineer: Caller) -> None:
    tablet = another(service)
    refused = engineer.send("DELETE", f"/v1/sessions/{tablet.tokens['session']}")
    assert (refused.status_code, refused.json["code"]) == (403, "reauth_required")
    assert tablet.get("/v1/me").status_code == 200

    engineer.reauthenticate()
    assert engineer.send("DELETE", f"/v1/sessions/{tablet.tokens['session']}").status_code == 204

    assert tablet.get("/v1/me").json["code"] == "session_ended"
    service.catch_up()
    assert [each["current"] for each in engineer.get("/v1/sessions").json["items"]] == [True]
    ended = engineer.get("/v1/sessions", ended="true").json["items"][0]
    assert (ended["id"], ended["ended_because"]) == (tablet.tokens["session"], "signed_out")


def test_all_others_end_at_once_and_the_one_that_asks_goes_on(service: Service, engineer: Caller) -> None:
    others = [another(service), another(service)]
    assert engineer.send("DELETE", "/v1/sessions").json["code"] == "reauth_required"
    assert [each.get("/v1/me").status_code for each in others] == [200, 200]

    engineer.reauthenticate()
    assert engineer.send("DELETE", "/v1/sessions").status_code == 204

    assert [each.get("/v1/me").status_code for each in others] == [401, 401]
    assert engineer.get("/v1/me").status_code == 200
    service.catch_up()
    assert len(engineer.get("/v1/sessions").json["items"]) == 1


def test_whose_session_it_is_not_cannot_tell_whether_it_is_there(service: Service, engineer: Caller) -> None:
    auditor = service.signed_in(Role.AUDITOR)

    answers = [
        auditor.send("DELETE", f"/v1/sessions/{session}") for session in (engineer.tokens["session"], uuid4())
    ]

    assert [(each.status_code, each.json["code"]) for each in answers] == [(404, "not_found")] * 2
    assert engineer.get("/v1/me").status_code == 200
    assert auditor.get("/v1/sessions", account=engineer.account).status_code == 403
    assert auditor.send("DELETE", f"/v1/accounts/{engineer.account}/sessions").status_code == 403


def test_an_administrator_sees_and_ends_the_sessions_of_others(
    service: Service, engineer: Caller, administrator: Caller
) -> None:
    tablet = another(service)
    service.catch_up()
    listed = administrator.get("/v1/sessions", account=engineer.account)
    assert len(listed.json["items"]) == 2
    assert administrator.send("DELETE", f"/v1/sessions/{tablet.tokens['session']}").status_code == 204

    assert administrator.send("DELETE", f"/v1/accounts/{engineer.account}/sessions").status_code == 204

    assert engineer.get("/v1/me").json["code"] == "session_ended"
    assert tablet.get("/v1/me").json["code"] == "session_ended"
