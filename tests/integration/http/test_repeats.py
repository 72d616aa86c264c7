"""The same Idempotency-Key twice, also at the same time: one effect, one answer."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest

from countersign.aggregates.role import Role
from tests.integration.http.service import PASSWORD, Caller, Service

NEW = {"report_type": "SAT", "header": {"document_title": "Pump station"}}


@pytest.fixture
def report(engineer: Caller) -> str:
    return str(engineer.post("/v1/reports", NEW).headers["location"])


def same(first: Any, again: Any) -> None:
    assert (again.status_code, again.json) == (first.status_code, first.json)
    for header in ("location", "etag", "position"):
        assert again.headers.get(header) == first.headers.get(header)


def test_a_repeated_command_has_one_effect_and_one_answer(service: Service, engineer: Caller) -> None:
    first = engineer.post("/v1/reports", NEW, key="create-1")
    head = service.log.head()
    again = engineer.post("/v1/reports", NEW, key="create-1")

    assert first.status_code == 201
    same(first, again)
    assert again.headers["idempotent-replayed"] == "true"
    assert "idempotent-replayed" not in first.headers
    assert service.log.head() == head


def test_a_repeat_is_answered_as_the_first_was_although_more_has_happened(engineer: Caller) -> None:
    first = engineer.post("/v1/reports", NEW, key="create-1")
    path = first.headers["location"]
    changed = engineer.patch(path, {"changes": {"client_name": "A"}}, if_match='"v1"', key="change-1")
    engineer.patch(path, {"changes": {"client_name": "B"}}, if_match='"v2"')

    same(first, engineer.post("/v1/reports", NEW, key="create-1"))
    again = engineer.patch(path, {"changes": {"client_name": "A"}}, if_match='"v1"', key="change-1")
    same(changed, again)


def test_another_body_under_the_same_key_is_refused(service: Service, engineer: Caller) -> None:
    engineer.post("/v1/reports", NEW, key="create-1")
    head = service.log.head()

    other = engineer.post("/v1/reports", NEW | {"document_number": "X-1"}, key="create-1")

    assert (other.status_code, other.json["code"]) == (422, "idempotency_key_reused")
    assert service.log.head() == head


def test_keys_of_two_people_are_not_the_same_key(service: Service, engineer: Caller) -> None:
    manager = service.signed_in(Role.TECHNICAL_MANAGER)

    mine = engineer.post("/v1/reports", NEW, key="create-1")
    theirs = manager.post("/v1/reports", NEW, key="create-1")

    assert theirs.status_code == 201
    assert theirs.json["id"] != mine.json["id"]


def test_a_refused_command_may_be_tried_again_under_its_key(engineer: Caller, report: str) -> None:
    path = f"{report}/sections/scope"
    body = {"content": {"text": "pumps"}}
    stale = engineer.put(path, body, if_match=f'"{"0" * 64}"', key="save-1")
    assert stale.status_code == 412

    assert engineer.put(path, body, if_match='"empty"', key="save-1").status_code == 200


def test_every_kind_of_answer_is_made_again(service: Service, engineer: Caller, report: str) -> None:
    row = {"reference": "A-1", "title": "Manual"}
    path = f"{report}/sections/related_documents"
    saved = engineer.put(path, {"content": [row]}, if_match='"empty"', key="save")
    tag = saved.headers["etag"]
    text = {"csv": "reference,title\nB-1,Drawing\n"}
    imported = engineer.post(f"{path}/import", text, if_match=tag, key="import")
    draft = engineer.post(f"{report}/renderings", {}, key="draft")
    service.finish(UUID(draft.json["id"]))
    proved = engineer.post("/v1/auth/reauthenticate", {"password": PASSWORD}, key="prove")

    same(saved, engineer.put(path, {"content": [row]}, if_match='"empty"', key="save"))
    same(imported, engineer.post(f"{path}/import", text, if_match=tag, key="import"))
    same(draft, engineer.post(f"{report}/renderings", {}, key="draft"))
    again = engineer.post("/v1/auth/reauthenticate", {"password": PASSWORD}, key="prove")
    assert again.json["reauthenticated_at"] == proved.json["reauthenticated_at"]
    assert draft.status_code == 202


def test_the_same_command_sent_at_the_same_time_has_one_effect_and_one_answer(
    service: Service, engineer: Caller
) -> None:
    head = service.log.head()
    with ThreadPoolExecutor(8) as pool:
        calls = [pool.submit(engineer.post, "/v1/reports", NEW, key="create-1") for _ in range(16)]
        answers = [call.result() for call in calls]

    for answer in answers:
        same(answers[0], answer)
    assert answers[0].status_code == 201
    assert service.log.head() == head + 2  # the report and its number


def test_two_changes_at_the_same_time_leave_one_winner(engineer: Caller, report: str) -> None:
    def change(name: str) -> Any:
        return engineer.patch(report, {"changes": {"client_name": name}}, if_match='"v1"')

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(change, [f"client {n}" for n in range(8)]))

    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 7
    assert {answer.json["code"] for answer in answers if answer.status_code == 412} == {"stale_version"}


def test_two_sections_can_be_saved_at_the_same_time(engineer: Caller, report: str) -> None:
    def save(section: str) -> int:
        path = f"{report}/sections/{section}"
        status: int = engineer.put(path, {"content": {"text": section}}, if_match='"empty"').status_code
        return status

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(save, ["purpose", "scope"])) == [200, 200]
