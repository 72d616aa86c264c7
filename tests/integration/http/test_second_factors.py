"""A second factor over HTTP: enrolled, asked for, used once, lost and reset."""

from __future__ import annotations

from datetime import timedelta
from xml.etree import ElementTree as ET

import pyotp
import pytest
from falcon.testing import Result

from countersign.aggregates.role import Role
from tests.integration.http.service import PASSWORD, Caller, Service, email_of

CREDENTIALS = {"email": email_of(Role.ENGINEER), "password": PASSWORD}
ROOT = "/v1/auth/second-factor"


def enrol(service: Service, caller: Caller) -> tuple[str, list[str]]:
    """The secret and the backup codes of somebody, whose next code is of the next half minute."""
    assert caller.post("/v1/auth/reauthenticate", {"password": PASSWORD}).status_code == 200
    begun = caller.post(ROOT)
    assert begun.status_code == 201, begun.text
    confirmed = caller.post(f"{ROOT}/confirm", {"code": code(service, begun.json["secret"])})
    assert confirmed.status_code == 200, confirmed.text
    later(service, seconds=30)
    return begun.json["secret"], confirmed.json["backup_codes"]


def code(service: Service, secret: str) -> str:
    return pyotp.TOTP(secret).at(service.clock())


def later(service: Service, seconds: int) -> None:
    service.clock.ahead += timedelta(seconds=seconds)


def log_in(nobody: Caller, **more: str) -> Result:
    return nobody.post("/v1/auth/login", CREDENTIALS | more)


def test_the_secret_comes_to_be_typed_followed_and_scanned(engineer: Caller) -> None:
    engineer.post("/v1/auth/reauthenticate", {"password": PASSWORD})

    begun = engineer.post(ROOT)

    read = pyotp.parse_uri(begun.json["otpauth_uri"])
    assert (read.secret, read.name) == (begun.json["secret"], email_of(Role.ENGINEER))
    assert ET.fromstring(begun.json["qr_svg"]).tag == "{http://www.w3.org/2000/svg}svg"  # noqa: S314
    assert begun.headers["cache-control"] == "no-store"
    assert engineer.get(ROOT).json == {
        "enabled": False,
        "enabled_at": None,
        "required": False,
        "backup_codes_left": 0,
    }


def test_enrolling_needs_the_password_again(engineer: Caller) -> None:
    refused = engineer.post(ROOT)

    assert (refused.status_code, refused.json["code"]) == (403, "reauth_required")


def test_whoever_has_a_second_factor_signs_in_with_a_code_once(
    service: Service, engineer: Caller, nobody: Caller
) -> None:
    secret, _ = enrol(service, engineer)

    without = log_in(nobody)
    assert (without.status_code, without.json["code"]) == (401, "second_factor_required")
    shown = code(service, secret)
    assert log_in(nobody, code=shown).status_code == 200
    replayed = log_in(nobody, code=shown)
    assert (replayed.status_code, replayed.json["code"]) == (401, "invalid_code")


@pytest.mark.parametrize("digits", ["٠١٢٣٤٥٦٧٨٩", "０１２３４５６７８９", "०१२३४५६७८९"])
def test_digits_of_another_script_are_no_code(
    service: Service, engineer: Caller, nobody: Caller, digits: str
) -> None:
    secret, _ = enrol(service, engineer)

    foreign = code(service, secret).translate(str.maketrans("0123456789", digits))

    assert log_in(nobody, code=foreign).json["code"] == "invalid_code"


def test_a_backup_code_stands_in_once(service: Service, engineer: Caller, nobody: Caller) -> None:
    _, codes = enrol(service, engineer)
    assert len(set(codes)) == 10

    assert log_in(nobody, code=codes[0]).status_code == 200
    assert log_in(nobody, code=codes[0]).json["code"] == "invalid_code"
    assert engineer.get(ROOT).json["backup_codes_left"] == 9


def test_a_repeat_is_told_the_same_secret_until_something_has_happened(
    service: Service, engineer: Caller
) -> None:
    engineer.post("/v1/auth/reauthenticate", {"password": PASSWORD})
    begun = engineer.post(ROOT, key="begin")
    assert engineer.post(ROOT, key="begin").json == begun.json
    confirm = {"code": code(service, begun.json["secret"])}
    confirmed = engineer.post(f"{ROOT}/confirm", confirm, key="confirm")
    assert engineer.post(f"{ROOT}/confirm", confirm, key="confirm").json == confirmed.json

    again = engineer.post(ROOT, key="begin")

    assert (again.status_code, again.json["code"]) == (409, "shown_once")
    assert begun.json["secret"] not in again.text
    engineer.post(f"{ROOT}/backup-codes")
    assert engineer.post(f"{ROOT}/confirm", confirm, key="confirm").json["code"] == "shown_once"


def test_new_backup_codes_replace_the_old_ones(service: Service, engineer: Caller, nobody: Caller) -> None:
    _, old = enrol(service, engineer)

    new = engineer.post(f"{ROOT}/backup-codes")

    assert new.status_code == 201
    assert not set(new.json["backup_codes"]) & set(old)
    assert log_in(nobody, code=old[0]).json["code"] == "invalid_code"
    assert log_in(nobody, code=new.json["backup_codes"][0]).status_code == 200


def test_giving_the_password_again_asks_for_a_code_too(service: Service, engineer: Caller) -> None:
    secret, _ = enrol(service, engineer)
    again = "/v1/auth/reauthenticate"

    assert engineer.post(again, {"password": PASSWORD}).json["code"] == "second_factor_required"
    wrong = engineer.post(again, {"password": PASSWORD, "code": "000000"})
    assert (wrong.status_code, wrong.json["code"]) == (401, "invalid_code")
    assert engineer.post(again, {"password": PASSWORD, "code": code(service, secret)}).status_code == 200


def test_it_is_given_up_after_proving_who_one_is(service: Service, engineer: Caller, nobody: Caller) -> None:
    enrol(service, engineer)

    assert engineer.send("DELETE", ROOT).status_code == 204
    assert log_in(nobody).status_code == 200
    assert engineer.send("DELETE", ROOT).json["code"] == "second_factor_not_enabled"


def test_an_administrator_resets_what_was_lost(
    service: Service, engineer: Caller, administrator: Caller, nobody: Caller
) -> None:
    enrol(service, engineer)
    reset = f"/v1/accounts/{engineer.account}/second-factor/reset"
    reason = {"reason": "phone lost, seen in person"}
    assert administrator.post(reset, reason).json["code"] == "reauth_required"
    assert engineer.post(reset, reason).status_code == 403
    administrator.post("/v1/auth/reauthenticate", {"password": PASSWORD})

    assert administrator.post(reset, reason).status_code == 204

    assert engineer.get("/v1/me").json["code"] == "session_ended"
    assert log_in(nobody).status_code == 200
    assert administrator.post(reset, reason).json["code"] == "second_factor_not_enabled"


def test_where_the_role_asks_for_one_nothing_else_goes_until_it_is_there(strict: Service) -> None:
    engineer = strict.signed_in(Role.ENGINEER)
    new = {"report_type": "SAT", "header": {"document_title": "Pump station"}}
    needed = "second_factor_enrolment_required"
    for refused in (engineer.post("/v1/reports", new), engineer.get("/v1/reports")):
        assert (refused.status_code, refused.json["code"]) == (403, needed)
    assert engineer.get(ROOT).json["required"] is True
    assert engineer.get("/v1/me").status_code == 200

    secret, _ = enrol(strict, engineer)

    assert engineer.post("/v1/reports", new).status_code == 201
    refused = engineer.send("DELETE", ROOT)
    assert (refused.status_code, refused.json["code"]) == (409, "role_requires_second_factor")
    assert log_in(strict.nobody, code=code(strict, secret)).status_code == 200


def test_a_signature_says_that_it_rests_on_both_factors(service: Service, engineer: Caller) -> None:
    secret, _ = enrol(service, engineer)
    both = Caller(service.client, log_in(service.nobody, code=code(service, secret)).json)
    later(service, seconds=30)
    both.post("/v1/auth/reauthenticate", {"password": PASSWORD, "code": code(service, secret)})

    happened = [service.store.mapper.happened(each) for each in service.log.read(0, 1000)]
    proved = [each for each in happened if each.topic == "session.reauthenticated"]
    assert vars(proved[-1].event)["factors"] == ("password", "totp")
    assert proved[-1].client.auth_method == "password+totp+jwt"
