"""Guessing over HTTP: delayed alike for every address, unlocked by an administrator."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from countersign.aggregates.role import Role
from countersign.commands.password_hashes import PasswordHashes
from countersign.eventstore.snapshots import SnapshotRecorder
from tests.integration.http.service import PASSWORD, Caller, Service, email_of

KNOWN, UNKNOWN = email_of(Role.ENGINEER), "nobody@example.com"
WRONG = "wrong horse battery"


def guess(nobody: Caller, email: str, times: int = 5) -> None:
    for _ in range(times):
        answer = nobody.post("/v1/auth/login", {"email": email, "password": WRONG})
        assert (answer.status_code, answer.json["code"]) == (401, "bad_credentials")


@pytest.mark.parametrize("email", [KNOWN, UNKNOWN])
def test_after_five_failures_the_answer_is_to_wait_whoever_it_is(
    service: Service, nobody: Caller, email: str
) -> None:
    guess(nobody, email)
    head = service.log.head()

    answer = nobody.post("/v1/auth/login", {"email": email, "password": PASSWORD})

    assert (answer.status_code, answer.json["code"]) == (429, "sign_in_delayed")
    assert 25 <= int(answer.headers["retry-after"]) <= 30
    assert email not in answer.text
    assert service.log.head() == head


def test_an_administrator_unlocks_an_account(nobody: Caller, engineer: Caller, administrator: Caller) -> None:
    guess(nobody, KNOWN)
    unlock = f"/v1/accounts/{engineer.account}/unlock"
    assert engineer.post(unlock).status_code == 403

    assert administrator.post(unlock).status_code == 204

    assert nobody.post("/v1/auth/login", {"email": KNOWN, "password": PASSWORD}).status_code == 200


def test_an_unknown_address_costs_the_same_reads_writes_and_hashes_as_a_known_one(
    service: Service, nobody: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = Counter[str]()
    _count(monkeypatch, work, service.log, "stream", "streams", "append")
    _count(monkeypatch, work, PasswordHashes, "verify")
    _count(monkeypatch, work, SnapshotRecorder, "select_events")
    done = {}
    for email in (KNOWN, UNKNOWN):
        guess(nobody, email, times=1)
        work.clear()
        guess(nobody, email, times=1)
        done[email] = work.copy()

    assert done[KNOWN] == done[UNKNOWN]
    assert done[KNOWN]["verify"] == done[KNOWN]["append"] == 1


def _count(monkeypatch: pytest.MonkeyPatch, work: Counter[str], owner: Any, *names: str) -> None:
    for name in names:
        monkeypatch.setattr(owner, name, _counting(work, name, getattr(owner, name)))


def _counting(work: Counter[str], name: str, call: Callable[..., Any]) -> Callable[..., Any]:
    def counting(*given: Any, **more: Any) -> Any:
        work[name] += 1
        return call(*given, **more)

    return counting
