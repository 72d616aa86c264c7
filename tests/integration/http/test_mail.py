"""Addresses that mail is held back from, and words to everybody in a role, seen from outside."""

from __future__ import annotations

from uuid import UUID, uuid4

from countersign.aggregates.email_contents import WITHOUT_OCCASION, EmailPurpose
from countersign.aggregates.email_message import email_id
from countersign.aggregates.role import Role
from countersign.commands.email.attempt_email import AttemptEmail
from countersign.commands.email.queue_email import QueueEmail
from countersign.commands.email.record_email_outcome import EmailOutcome, RecordEmailOutcome
from tests.integration.http.service import Service

AWAY = {"topic": "Away on Sunday", "message": "For an upgrade.", "roles": ["engineer", "auditor"]}


def bounced(service: Service) -> UUID:
    """A mail that came back since nobody is there."""
    cause, subject, purpose = uuid4(), uuid4(), EmailPurpose.ACCOUNT_APPROVED
    service.give(
        QueueEmail(purpose=purpose, cause=cause, subject=subject, name="Ada", to="gone@example.com", facts={})
    )
    mail = email_id(cause, subject, purpose)
    service.give(AttemptEmail(email_id=mail, worker="w"))
    service.give(
        RecordEmailOutcome(
            email_id=mail, attempt=1, outcome=EmailOutcome.BOUNCED, reply_code=550, reply="5.1.1 nobody here"
        )
    )
    service.catch_up()
    return mail


def test_an_operator_sees_where_mail_is_held_back_and_lifts_it(service: Service) -> None:
    operator = service.signed_in(Role.OPERATOR)
    mail = bounced(service)

    answer = operator.get("/v1/mail/suppressions", in_force="true")
    (held,) = answer.json["items"]
    assert (held["email_id"], held["reply"], held["in_force"]) == (str(mail), "5.1.1 nobody here", True)
    assert "gone" not in answer.text
    address = f"/v1/mail/suppressions/{held['suppression_id']}/lift"
    lifted = operator.post(address, {"reason": "the mailbox is back"})

    assert (lifted.status_code, lifted.json["is_in_force"]) == (200, False)
    service.catch_up()
    assert operator.get("/v1/mail/suppressions", in_force="true").json["items"] == []
    (kept,) = operator.get("/v1/mail/suppressions").json["items"]
    assert kept["lifted_because"] == "the mailbox is back"
    again = operator.post(address, {"reason": "once more"})
    assert (again.status_code, again.json["code"]) == (409, "address_not_suppressed")
    assert service.signed_in(Role.ENGINEER).get("/v1/mail/suppressions").status_code == 403


def test_an_administrator_writes_to_a_role_once_and_stops_it(service: Service) -> None:
    administrator = service.signed_in(Role.ADMINISTRATOR)
    assert service.signed_in(Role.OPERATOR).post("/v1/mail/broadcasts", AWAY).status_code == 403

    ordered = administrator.post("/v1/mail/broadcasts", AWAY, key="away")
    repeated = administrator.post("/v1/mail/broadcasts", AWAY, key="away")

    assert (ordered.status_code, ordered.json["status"], ordered.json["planned"]) == (202, "planning", 0)
    assert ordered.json["recipients"] == 2
    assert repeated.headers["location"] == ordered.headers["location"]
    location = str(ordered.headers["location"])
    assert administrator.get(location).json == ordered.json
    cancelled = administrator.post(f"{location}/cancel", {"reason": "the wrong day"})
    assert cancelled.json["status"] == "cancelled"
    again = administrator.post(f"{location}/cancel", {"reason": "again"})
    assert (again.status_code, again.json["code"]) == (409, "broadcast_over")
    service.catch_up()
    (listed,) = administrator.get("/v1/mail/broadcasts", status="cancelled").json["items"]
    assert (listed["id"], listed["recipients"]) == (ordered.json["id"], 2)
    assert (listed["roles"], listed["cancelled_because"]) == (["auditor", "engineer"], "the wrong day")
    assert administrator.get("/v1/mail/broadcasts", status="planned").json["items"] == []
    assert service.signed_in(Role.OPERATOR).get("/v1/mail/broadcasts").status_code == 403
    unfit = administrator.post("/v1/mail/broadcasts", AWAY | {"message": "  "})
    assert (unfit.status_code, unfit.json["code"]) == (422, "broadcast_unfit")
    missing = administrator.get(f"/v1/mail/broadcasts/{UUID(int=1)}")
    assert missing.status_code == 404


def test_everybody_chooses_how_they_are_written_to(service: Service) -> None:
    operator = service.signed_in(Role.OPERATOR)
    wanted = {"channels": {"health_alert": "digest", "operations_report": "none"}, "digest_hour": 6}

    before = operator.get("/v1/me/preferences").json
    chosen = operator.send("PUT", "/v1/me/preferences", wanted | {"time_zone": "Asia/Tokyo"})

    assert (set(before["channels"].values()), before["digest_hour"], before["waiting"]) == ({"mail"}, 7, 0)
    assert {"password_reset", "new_login", "mfa_changed"} <= set(before["always"])
    assert "stage_approved" in before["channels"]
    assert WITHOUT_OCCASION.isdisjoint({*before["channels"], *before["always"]})
    assert chosen.status_code == 200
    assert chosen.json["channels"]["health_alert"] == "digest"
    assert chosen.json["channels"]["approval_request"] == "mail"
    assert (chosen.json["digest_hour"], chosen.json["time_zone"]) == (6, "Asia/Tokyo")
    assert operator.get("/v1/me/preferences").json == chosen.json
    assert set(service.signed_in(Role.ENGINEER).get("/v1/me/preferences").json["channels"].values()) == {
        "mail"
    }


def test_what_guards_an_account_cannot_be_switched_off_over_http(service: Service) -> None:
    wanted = {"channels": {"mention": "none", "password_changed": "none"}, "time_zone": "Atlantis"}

    refused = service.signed_in(Role.ENGINEER).send("PUT", "/v1/me/preferences", wanted)

    assert (refused.status_code, refused.json["code"]) == (422, "invalid_preference")
    assert [each["pointer"] for each in refused.json["errors"]] == [
        "/channels/mention",
        "/channels/password_changed",
        "/time_zone",
    ]
