"""Two people, or one person twice, at the same moment: before two servers and two workers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import uuid4

import pytest

from countersign.aggregates.role import Role
from countersign.cli.demo.client import Client, Refused
from countersign.cli.demo.journal import Answer, Request
from countersign.cli.demo.people import cast
from countersign.cli.demo.scene import Scene, version_tag
from tests.e2e.served_job import ServedJob, at_once

MANY = 8


@pytest.fixture
def scene(served: ServedJob) -> Iterator[Scene]:
    with served.submitted() as scene:
        yield scene


def test_of_two_approvals_at_once_exactly_one_wins(served: ServedJob, scene: Scene) -> None:
    report = scene.report(Role.TECHNICAL_MANAGER)
    request = Request(
        method="POST",
        path=f"{scene.report_path}/stages/1/approve",
        body={"content_digest": report["content_digest"], "meaning": "technical approval"},
        if_match=version_tag(report),
    )
    windows = [served.client(Role.TECHNICAL_MANAGER) for _ in range(2)]
    for window in windows:
        confirm_password(served, window)
    won, lost = apart(at_once(*(lambda window=window: fresh(window, request) for window in windows)))
    assert len(won) == 1
    (refusal,) = lost
    assert (refusal.status, refusal.code) in {(412, "stale_version"), (409, "already_signed")}
    assert refusal.problem["detail"]
    signed = [each["stage"] for each in scene.report(Role.TECHNICAL_MANAGER)["signatures"]]
    assert signed == [0, 1]


def test_an_approval_and_a_request_for_changes_at_once_do_not_both_happen(
    served: ServedJob, scene: Scene
) -> None:
    report = scene.report(Role.TECHNICAL_MANAGER)
    stage, seen = f"{scene.report_path}/stages/1", version_tag(report)
    approval = {"content_digest": report["content_digest"], "meaning": "technical approval"}
    changes = {"reason": "The second page is missing."}
    approving, asking = (served.client(Role.TECHNICAL_MANAGER) for _ in range(2))
    confirm_password(served, approving)
    won, lost = apart(
        at_once(
            lambda: fresh(
                approving, Request(method="POST", path=f"{stage}/approve", body=approval, if_match=seen)
            ),
            lambda: fresh(
                asking, Request(method="POST", path=f"{stage}/request-changes", body=changes, if_match=seen)
            ),
        )
    )
    assert (len(won), len(lost)) == (1, 1)
    assert lost[0].status in {409, 412}


def test_one_key_used_many_times_at_once_has_one_effect_and_one_answer(served: ServedJob) -> None:
    key, number = str(uuid4()), f"KAL-{uuid4().hex[:8]}"
    request = beginning(number)
    windows = [served.client(Role.ENGINEER) for _ in range(MANY)]
    won, lost = apart(at_once(*(lambda window=window: window.command(request, key) for window in windows)))
    assert lost == []
    assert len({(answer.body["id"], answer.position, answer.etag) for answer in won}) == 1
    found = served.client(Role.ENGINEER).get("/v1/reports", min_position=won[0].position, text=number)
    assert [each["document_number"] for each in found.body["items"]] == [number]


def test_one_key_for_two_bodies_is_refused(served: ServedJob) -> None:
    engineer, key = served.client(Role.ENGINEER), str(uuid4())
    engineer.command(beginning(f"KAL-{uuid4().hex[:8]}"), key)
    with pytest.raises(Refused) as refused:
        engineer.command(beginning(f"KAL-{uuid4().hex[:8]}"), key)
    assert (refused.value.status, refused.value.code) == (422, "idempotency_key_reused")


def test_one_document_number_is_given_once(served: ServedJob) -> None:
    number = f"KAL-{uuid4().hex[:8]}"
    windows = [served.client(Role.ENGINEER) for _ in range(MANY)]
    won, lost = apart(
        at_once(*(lambda window=window: fresh(window, beginning(number)) for window in windows))
    )
    assert len(won) == 1
    assert {(refusal.status, refusal.code) for refusal in lost} == {(409, "number_taken")}


def test_two_people_edit_two_sections_at_once_but_not_one(served: ServedJob) -> None:
    begun = fresh(served.client(Role.ENGINEER), beginning(f"KAL-{uuid4().hex[:8]}"))
    windows = [served.client(Role.ENGINEER) for _ in range(2)]
    edits = [edit(begun, section, "A text.") for section in ("purpose", "scope")]
    won, _ = apart(at_once(*(lambda w=w, e=e: fresh(w, e) for w, e in zip(windows, edits, strict=True))))
    assert len(won) == 2
    seen = won[0].etag
    again = [edit(begun, won[0].body["section"], text, seen) for text in ("One.", "Two.")]
    won, lost = apart(at_once(*(lambda w=w, e=e: fresh(w, e) for w, e in zip(windows, again, strict=True))))
    assert (len(won), [refusal.status for refusal in lost]) == (1, [412])


def edit(begun: Answer, section: str, text: str, seen: str | None = '"empty"') -> Request:
    path = f"/v1/reports/{begun.body['id']}/sections/{section}"
    return Request(method="PUT", path=path, body={"content": {"text": text}}, if_match=seen)


def beginning(number: str) -> Request:
    form = {"report_type": "SAT", "document_number": number, "header": {"document_title": "Tried at once"}}
    return Request(method="POST", path="/v1/reports", body=form)


def fresh(client: Client, request: Request) -> Answer:
    return client.command(request, str(uuid4()))


def confirm_password(served: ServedJob, client: Client) -> None:
    client.prove(cast(served.job.run)[Role.TECHNICAL_MANAGER])


def apart(outcomes: Sequence[Answer | Exception]) -> tuple[list[Answer], list[Refused]]:
    """Those that won and those that were refused; anything else is raised."""
    for outcome in outcomes:
        if isinstance(outcome, Exception) and not isinstance(outcome, Refused):
            raise outcome
    won = [outcome for outcome in outcomes if isinstance(outcome, Answer)]
    return won, [outcome for outcome in outcomes if isinstance(outcome, Refused)]
