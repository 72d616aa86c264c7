"""Registration, reset and change of address, from the first request to the mail that goes on with it."""

from __future__ import annotations

from sqlalchemy import text

from countersign.aggregates.role import Role
from countersign.workers.effect import State
from countersign.workers.effect_board import EffectBoard
from tests.integration.http.service import PASSWORD, email_of
from tests.integration.people.town import Town
from tests.integration.workers.plant import said
from tests.integration.workers.running import wait_until

SARA = "sara@example.com"
NEW = "another good one"
WISH = {"name": "Sara Stranger", "email": SARA, "password": PASSWORD, "requested_role": "engineer"}
ADA = email_of(Role.ADMINISTRATOR)


def member(town: Town) -> str:
    """Sara, let in as an auditor; her account."""
    town.nobody.post("/v1/accounts/registrations", WISH)
    confirmed = town.nobody.post(
        "/v1/accounts/verifications", {"token": town.code(SARA), "password": PASSWORD}
    )
    assert (confirmed.status_code, confirmed.json["status"]) == (200, "pending")
    approved = town.administrator.post(
        f"/v1/accounts/{confirmed.json['account']}/approve", {"role": "auditor"}
    )
    assert (approved.status_code, approved.json["role"]) == (200, "auditor")
    return str(confirmed.json["account"])


def everything_stored(town: Town) -> str:
    """The log and the read tables, effects and job board among them, as one text."""
    read = town.service.services.read
    with read.read() as connection:
        if connection.dialect.name == "sqlite":
            names = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'"))
        else:
            names = connection.execute(
                text("SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()")
            )
        tables = [str(name) for (name,) in names]
        rows = [str(connection.execute(text(f'SELECT * FROM "{name}"')).all()) for name in tables]  # noqa: S608
    log = [str(recorded.state + recorded.metadata) for recorded in town.service.log.read(0, 1000)]
    return "\n".join(rows + log)


def test_a_stranger_becomes_a_member_by_mail(town: Town) -> None:
    account = member(town)

    to_ada = town.next_mail(ADA)
    assert to_ada["Subject"] == "Countersign: somebody asks for an account"
    assert f"/v1/accounts/{account}" in said(to_ada)
    assert "Sara" not in said(to_ada)
    assert town.next_mail(SARA, 2)["Subject"] == "Countersign: your account is approved"
    sara = town.signed_in(SARA, PASSWORD)
    assert sara.get("/v1/me").json["role"] == "auditor"
    position = town.service.catch_up()
    (listed,) = town.administrator.get(
        "/v1/accounts", headers={"Min-Position": str(position)}, role="auditor"
    ).json["items"]
    assert (listed["id"], listed["status"], listed["email"]) == (account, "active", SARA)


def test_a_known_and_an_unknown_address_are_answered_alike_and_the_owner_is_told(town: Town) -> None:
    unknown = town.nobody.post("/v1/accounts/registrations", WISH)
    known = town.nobody.post("/v1/accounts/registrations", WISH | {"email": ADA})

    assert unknown.status_code == known.status_code == 202
    assert unknown.content == known.content
    assert "position" not in {*unknown.headers, *known.headers}
    assert unknown.headers.keys() == known.headers.keys()
    assert town.next_mail(ADA)["Subject"] == "Countersign: you have an account already"
    assert "Sara" not in str(town.next_mail(SARA))

    resets = [
        town.nobody.post("/v1/auth/password-resets", {"email": each}) for each in (ADA, "nobody@example.com")
    ]
    assert {(each.status_code, each.content) for each in resets} == {(202, unknown.content)}
    assert town.next_mail(ADA, 2)["Subject"] == "Countersign: choose a new password"
    assert town.mails_to("nobody@example.com") == []


def test_a_rejected_stranger_reads_the_reason(town: Town) -> None:
    town.nobody.post("/v1/accounts/registrations", WISH)
    account = town.nobody.post(
        "/v1/accounts/verifications", {"token": town.code(SARA), "password": PASSWORD}
    ).json["account"]

    rejected = town.administrator.post(f"/v1/accounts/{account}/reject", {"reason": "Nobody knows you."})

    assert (rejected.status_code, rejected.json["status"]) == (200, "rejected")
    assert "Nobody knows you." in said(town.next_mail(SARA, 2))
    refused = town.nobody.post("/v1/auth/login", {"email": SARA, "password": PASSWORD})
    assert refused.json["code"] == "bad_credentials"


def test_a_lost_password_is_reset_by_mail_and_the_code_stands_nowhere_else(town: Town) -> None:
    before = town.administrator
    assert town.nobody.post("/v1/auth/password-resets", {"email": ADA}).status_code == 202
    code = town.code(ADA)

    done = town.nobody.post("/v1/auth/password-resets/redeem", {"token": code, "password": NEW})

    assert (done.status_code, done.content) == (204, b"")
    assert before.get("/v1/me").json["code"] == "session_ended"
    again = town.nobody.post("/v1/auth/password-resets/redeem", {"token": code, "password": NEW + "!"})
    assert (again.status_code, again.json["code"]) == (422, "invalid_one_time_token")
    assert town.signed_in(ADA, NEW).get("/v1/me").status_code == 200
    assert town.next_mail(ADA, 2)["Subject"] == "Countersign: your password was changed"
    town.service.catch_up()
    stored = everything_stored(town)
    assert "password_reset_requested" in stored
    assert code not in stored
    wait_until(
        lambda: {each.state for each in EffectBoard(town.service.services.read).listed()} == {State.DONE}
    )


def test_an_address_is_changed_by_mail_and_the_old_one_is_told(town: Town) -> None:
    account = member(town)
    sara = town.signed_in(SARA, PASSWORD)
    wish = {"email": "sara@new.example"}
    assert sara.post("/v1/me/email", wish).json["code"] == "reauth_required"
    sara.post("/v1/auth/reauthenticate", {"password": PASSWORD})

    assert sara.post("/v1/me/email", wish).status_code == 202
    code = town.code("sara@new.example")
    confirmed = town.nobody.post("/v1/accounts/email-confirmations", {"token": code})

    assert (confirmed.status_code, confirmed.content) == (204, b"")
    assert sara.get("/v1/me").json["email"] == "sara@new.example"
    assert town.signed_in("sara@new.example", PASSWORD).account == account
    assert town.next_mail(SARA, 3)["Subject"] == "Countersign: your address was changed"
