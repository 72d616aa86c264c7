"""Browsers sign in with a cookie that no other site can use, and that nobody can choose for them."""

from __future__ import annotations

import base64
import fcntl
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from falcon.testing import Result

from countersign.aggregates.role import Role
from countersign.aggregates.session import Session
from countersign.http.browser.cookie_ids import CookieIds
from tests.integration.http.browser import COOKIE, Browser
from tests.integration.http.service import BROWSER_KEY, PASSWORD, Caller, Service

NEW = {"report_type": "SAT", "document_number": "SAT-1", "header": {"document_title": "Pump station"}}
IDS = CookieIds(BROWSER_KEY)
FROM_ELSEWHERE: tuple[Mapping[str, str | None], ...] = (
    {"Origin": None, "Sec-Fetch-Site": None},
    {"Origin": "https://evil.example", "Sec-Fetch-Site": None},
    {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
    {"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"},
    {"Origin": "null", "Sec-Fetch-Site": None},
    {"Origin": "http://localhost:8081", "Sec-Fetch-Site": "same-site"},
    {"Origin": None, "Sec-Fetch-Site": "cross-site"},
    {"Origin": None, "Sec-Fetch-Site": "same-site"},
    {"Origin": None, "Sec-Fetch-Site": "none"},
)
WITH_A_BAD_TOKEN: tuple[Mapping[str, str | None], ...] = (
    {"X-CSRF-Token": None},
    {"X-CSRF-Token": ""},
    {"X-CSRF-Token": "x" * 43},
    {"X-CSRF-Token": "a" * 8000},
)
HOSTILE = (
    "",
    "x",
    "é",
    "a" * 75,
    "A" * 7000,
    "../../etc/passwd",
    "%00",
    '"quoted"',
    "{}",
    base64.urlsafe_b64encode(bytes(56)).decode().rstrip("="),
    CookieIds(b"x" * 32).issue(uuid4()),
)


@pytest.fixture
def browser(service: Service) -> Browser:
    browser = Browser(service.client)
    assert browser.sign_in().status_code == 200
    return browser


def outcome(answer: Result) -> tuple[int, str | None]:
    return answer.status_code, answer.json.get("code")


def test_the_cookie_has_every_protection_that_browsers_know(service: Service) -> None:
    answer = Browser(service.client).sign_in()

    set_cookie = answer.headers["set-cookie"]
    assert set_cookie.startswith(f"{COOKIE}=")
    assert {part.strip().lower() for part in set_cookie.split(";")[1:]} == {
        "httponly",
        "secure",
        "samesite=strict",
        "path=/",
    }
    assert answer.cookies[COOKIE].value not in answer.text
    assert answer.headers["cache-control"] == "no-store"


def test_a_signed_in_browser_reads_and_writes(browser: Browser) -> None:
    me = browser.get("/v1/me")

    assert (me.status_code, me.json["role"]) == (200, "engineer")
    assert browser.send("POST", "/v1/reports", NEW).status_code == 201


def test_a_wrong_password_gives_no_cookie(service: Service) -> None:
    browser = Browser(service.client)
    answer = browser.send(
        "POST",
        "/v1/auth/browser-session",
        {"email": "engineer@example.com", "password": "wrong horse battery"},
    )

    assert outcome(answer) == (401, "bad_credentials")
    assert "set-cookie" not in answer.headers


def test_a_request_that_another_site_may_have_sent_changes_nothing(
    service: Service, browser: Browser
) -> None:
    head = service.log.head()

    for forged in (*FROM_ELSEWHERE, *WITH_A_BAD_TOKEN):
        assert outcome(browser.send("POST", "/v1/reports", NEW, forged)) == (403, "cross_site_refused"), (
            forged
        )
        assert outcome(browser.send("POST", "/v1/auth/logout", None, forged)) == (403, "cross_site_refused")
    assert [event.topic for event in service.log.read(head, 100) if event.topic.startswith("report")] == []
    assert browser.get("/v1/me").status_code == 200


def test_the_token_of_another_session_is_refused(service: Service, browser: Browser) -> None:
    other = Browser(service.client)
    other.sign_in(Role.TECHNICAL_MANAGER)
    again = Browser(service.client)
    again.sign_in()

    for token in (other.csrf, again.csrf):
        answer = browser.send("POST", "/v1/reports", NEW, {"X-CSRF-Token": token})
        assert outcome(answer) == (403, "cross_site_refused")


def test_no_method_that_changes_something_goes_without_the_token(browser: Browser) -> None:
    report = f"/v1/reports/{uuid4()}"
    for method, path in {"PUT": f"{report}/sections/x", "PATCH": report, "POST": f"{report}/submit"}.items():
        answer = browser.send(method, path, {}, {"X-CSRF-Token": None, "If-Match": '"v1"'})
        assert outcome(answer) == (403, "cross_site_refused")


def test_a_page_that_was_loaded_again_is_told_its_token(browser: Browser) -> None:
    assert browser.get("/v1/auth/csrf").json == {"csrf_token": browser.csrf}


def test_who_sends_a_token_of_their_own_needs_no_csrf_token(engineer: Caller) -> None:
    assert outcome(engineer.get("/v1/auth/csrf")) == (400, "no_browser_session")


def test_no_other_site_signs_a_browser_in(service: Service) -> None:
    body = {"email": "engineer@example.com", "password": PASSWORD}
    for forged in FROM_ELSEWHERE:
        answer = Browser(service.client).send("POST", "/v1/auth/browser-session", body, forged)
        assert outcome(answer) == (403, "cross_site_refused")
        assert "set-cookie" not in answer.headers


def test_an_id_that_was_there_before_the_log_in_is_never_adopted(service: Service) -> None:
    attacker = Browser(service.client)
    attacker.sign_in()
    planted = attacker.cookie
    victim = Browser(service.client, cookie=planted)

    victim.sign_in(Role.TECHNICAL_MANAGER)

    assert victim.cookie != planted
    assert victim.get("/v1/me").json["role"] == "technical_manager"
    assert outcome(attacker.get("/v1/me")) == (401, "session_ended")


def test_each_log_in_is_a_session_of_its_own_even_under_one_idempotency_key(service: Service) -> None:
    one, two = Browser(service.client), Browser(service.client)
    for browser in (one, two):
        browser.headers["Idempotency-Key"] = "the-same"
        browser.sign_in()

    assert one.cookie != two.cookie
    assert one.get("/v1/me").json["session"]["id"] != two.get("/v1/me").json["session"]["id"]


def test_a_proof_of_identity_changes_the_cookie_and_the_one_before_is_of_no_use(browser: Browser) -> None:
    before, token_before = browser.cookie, browser.csrf

    proved = browser.send("POST", "/v1/auth/reauthenticate", {"password": PASSWORD})

    assert proved.status_code == 200
    assert browser.cookie != before
    assert browser.get("/v1/me").status_code == 200
    old = Browser(browser.client, cookie=before, csrf=token_before)
    assert outcome(old.get("/v1/me")) == (401, "invalid_session_cookie")
    assert outcome(browser.send("POST", "/v1/reports", NEW)) == (403, "cross_site_refused")
    browser.csrf = proved.headers["x-csrf-token"]
    assert browser.send("POST", "/v1/reports", NEW).status_code == 201


def test_signing_out_ends_the_session_and_clears_the_cookie(browser: Browser) -> None:
    kept = browser.cookie

    answer = browser.send("POST", "/v1/auth/logout")

    assert answer.status_code == 204
    cleared = answer.headers["set-cookie"]
    assert all(part in cleared for part in ("Secure", "Path=/", "1970"))
    assert outcome(Browser(browser.client, cookie=kept).get("/v1/me")) == (401, "session_ended")


def test_a_hostile_cookie_lets_nobody_in(service: Service) -> None:
    for value in HOSTILE:
        answer = Browser(service.client, cookie=value).get("/v1/me")
        assert outcome(answer) == (401, "invalid_session_cookie"), value


def test_a_genuine_id_of_no_session_lets_nobody_in(service: Service) -> None:
    assert outcome(Browser(service.client, cookie=IDS.issue(uuid4())).get("/v1/me")) == (401, "session_ended")


def test_two_cookies_of_that_name_are_one_too_many(browser: Browser) -> None:
    twice = f"{COOKIE}={browser.cookie}; {COOKIE}={browser.cookie}"

    assert outcome(browser.get("/v1/me", Cookie=twice)) == (401, "invalid_session_cookie")


def test_a_cookie_that_cannot_be_read_is_none(service: Service) -> None:
    for cookie in (f"={COOKIE}", ";;;", "\x7f=1", "countersign=x"):
        answer = Browser(service.client).get("/v1/me", Cookie=cookie)
        assert outcome(answer) == (401, "authentication_required")


def test_a_token_in_the_header_decides_whatever_the_cookie_says(service: Service, browser: Browser) -> None:
    manager = service.signed_in(Role.TECHNICAL_MANAGER)
    bearer = f"Bearer {manager.tokens['access_token']}"

    assert browser.get("/v1/me", Authorization=bearer).json["role"] == "technical_manager"
    assert outcome(browser.get("/v1/me", Authorization="Bearer x.y.z")) == (401, "invalid_token")
    written = browser.send("POST", "/v1/reports", NEW, {"Authorization": bearer, "X-CSRF-Token": None})
    assert written.status_code == 201
    assert service.log.head() > 0
    assert manager.get(written.headers["location"]).status_code == 200


def test_a_browser_that_is_used_stays_signed_in_at_the_cost_of_one_event_in_five_minutes(
    service: Service, browser: Browser
) -> None:
    for minute in range(1, 60):
        service.clock.ahead = timedelta(minutes=minute)
        assert browser.get("/v1/me").status_code == 200
        assert browser.get("/v1/reports").status_code == 200

    session = service.store.aggregates.find(Session, IDS.read(browser.cookie or "").session)  # type: ignore[union-attr]
    assert session is not None
    assert session.version == 1 + 59 // 5


def test_a_browser_reads_on_while_nothing_can_be_written(
    service: Service, browser: Browser, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    service.clock.ahead = timedelta(minutes=10)
    with (tmp_path / "data" / "log.db.lock").open() as stuck:
        fcntl.flock(stuck, fcntl.LOCK_EX)
        for _ in range(3):
            assert browser.get("/v1/me").status_code == 200

    tried = [record for record in caplog.records if record.message == "session not continued"]
    assert len(tried) == 1  # the log is left alone for a while
    service.clock.ahead += timedelta(seconds=11)
    idle_until = browser.get("/v1/me").json["session"]["idle_until"]
    assert datetime.fromisoformat(idle_until) > service.clock() + timedelta(minutes=29)


def test_an_idle_browser_is_signed_out_and_no_browser_stays_for_more_than_half_a_day(
    service: Service, browser: Browser
) -> None:
    idle = Browser(service.client)
    idle.sign_in()
    for minutes in range(25, 12 * 60, 25):
        service.clock.ahead = timedelta(minutes=minutes)
        assert browser.get("/v1/me").status_code == 200

    assert outcome(idle.get("/v1/me")) == (401, "session_ended")
    service.clock.ahead = timedelta(hours=12, seconds=1)
    assert outcome(browser.get("/v1/me")) == (401, "session_ended")


def test_what_a_browser_does_is_recorded_as_done_with_a_cookie(service: Service, browser: Browser) -> None:
    head = service.log.head()
    browser.send("POST", "/v1/reports", NEW)

    (created, *_) = [event for event in service.log.read(head, 10) if event.topic == "report.created"]
    assert b'"auth_method":"cookie"' in created.metadata.replace(b" ", b"")
