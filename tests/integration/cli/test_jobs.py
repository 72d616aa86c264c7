"""What was given up or is in doubt is shown, and decided about in an operator's own name."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from countersign.aggregates.email_message import EmailMessage
from countersign.aggregates.email_status import EmailStatus
from countersign.aggregates.rendering import Rendering, RenderingStatus
from countersign.aggregates.root import Root
from countersign.cli.foundation import utc_now
from countersign.cli.jobs.letters import letters
from countersign.workers.effect import State
from countersign.workers.effects import Effects
from countersign.workers.effects_table import effects
from countersign.workers.kinds import (
    COMMANDS,
    MAINTAIN,
    MAINTENANCE,
    ORDER_DOCUMENT,
    PLAN_BROADCAST,
    QUEUES,
    RENDER_DOCUMENT,
    RENDERING,
)
from countersign.workers.workers_table import Worker, Workers
from tests.integration.cli.installation import ADMINISTRATOR, PASSWORD, Installation
from tests.integration.projections.journal import MANAGER
from tests.integration.workers.effects_rig import NOON, a_cause, a_wish, want

HERE = Worker(
    name="here:1",
    host="here",
    pid=1,
    version="0.1.0",
    parts=("rendering",),
    since=NOON,
    seen_at=NOON,
    draining=False,
    finished=0,
    memory_bytes=1,
)
AS_OPERATOR = ("--as", ADMINISTRATOR, "--password-stdin")


def a_mail_in_doubt(installation: Installation) -> UUID:
    with installation.story() as story:
        report = story.report()
        story.submitted(report)
        mail = story.mail(story.stage_opened(report), MANAGER)
        story.mail_attempted(mail)
        story.happen(mail, EmailMessage.WentInDoubt, attempt=1, why="cut after the final dot")
    installation.project()
    return mail


def a_dead_rendering(installation: Installation) -> UUID:
    with installation.story() as story:
        rendering = story.rendering(story.report())
        story.rendering_failed(rendering, final=True)
    installation.project()
    return rendering


def a_dead_effect(installation: Installation, **wish: Any) -> UUID:
    with installation.opened() as base:
        want(base.databases.read, (a_wish(**wish), a_cause()))
        with base.databases.read.write() as connection:
            connection.execute(update(effects).values(state=State.DEAD, error="no template", attempts=3))
            found: UUID = connection.execute(select(effects.c.id)).scalar_one()
    return found


def state_of(installation: Installation, effect_id: UUID) -> str:
    with installation.opened() as base, base.databases.read.read() as connection:
        return str(connection.execute(select(effects.c.state).where(effects.c.id == effect_id)).scalar_one())


def found(installation: Installation, cls: type[Root], stream: UUID) -> Any:
    with installation.opened() as base:
        return base.store.aggregates.find(cls, stream)


def test_jobs_are_listed_by_state(installation: Installation) -> None:
    mail, rendering = a_mail_in_doubt(installation), a_dead_rendering(installation)
    order = a_dead_effect(installation, queue=COMMANDS, kind=PLAN_BROADCAST)
    everything = installation.run("jobs", "list", "--json").json["jobs"]
    assert {each["id"]: each["state"] for each in everything} == {
        str(mail): "in_doubt",
        str(rendering): "failed",
        str(order): "failed",
    }
    with installation.opened() as base:
        assert {letter.job_id for letter in letters(base.databases.read)} <= {mail, rendering, order}
    failed = installation.run("jobs", "list", "--state", "failed", "--kind", "rendering")
    assert str(rendering) in failed.out
    assert str(mail) not in failed.out


def test_one_job_is_shown_with_its_effects(installation: Installation) -> None:
    mail = a_mail_in_doubt(installation)
    said = installation.run("jobs", "show", str(mail), "--json")
    assert said.json["job"]["state"] == "in_doubt"
    assert said.json["job"]["message_id"] == f"<{mail}@example.com>"
    assert "cut after the final dot" in installation.run("jobs", "show", str(mail)).out
    assert installation.run("jobs", "show", str(uuid4())).status == 1


def test_a_mail_in_doubt_is_sent_again_in_the_operators_name(installation: Installation) -> None:
    mail = a_mail_in_doubt(installation)
    reason = ("--reason", "the server's log does not have it")
    said = installation.run("jobs", "retry", str(mail), *reason, *AS_OPERATOR, typed=PASSWORD)
    assert (said.status, said.out) == (0, "The mail is sent once more.\n")
    assert found(installation, EmailMessage, mail).status is EmailStatus.QUEUED
    with installation.opened() as base:
        resolved = [base.store.mapper.happened(each) for each in base.log.stream(mail)][-1]
        ended = base.log.read(base.log.head() - 1, 1)[0]
    assert resolved.metadata.actor == resolved.event.by  # type: ignore[attr-defined]
    assert resolved.metadata.session is not None
    assert ended.topic == "session.revoked"


def test_a_mail_in_doubt_can_be_let_be(on_sqlite: Installation) -> None:
    mail = a_mail_in_doubt(on_sqlite)
    said = on_sqlite.run("jobs", "discard", str(mail), "--reason", "it arrived", *AS_OPERATOR, typed=PASSWORD)
    assert said.status == 0
    assert found(on_sqlite, EmailMessage, mail).status is EmailStatus.DISMISSED


def test_a_document_that_was_given_up_is_made_again(installation: Installation) -> None:
    rendering = a_dead_rendering(installation)
    said = installation.run("jobs", "retry", str(rendering), *AS_OPERATOR, "--json", typed=PASSWORD)
    assert said.status == 0
    assert said.json["done"].startswith("The document is made once more")
    assert found(installation, Rendering, rendering).status is RenderingStatus.QUEUED


def test_a_document_that_was_given_up_can_be_laid_aside(on_sqlite: Installation) -> None:
    rendering = a_dead_rendering(on_sqlite)
    payload = {"rendering_id": str(rendering)}
    effect = a_dead_effect(on_sqlite, queue=RENDERING, kind=RENDER_DOCUMENT, payload=payload)
    assert (
        on_sqlite.run(
            "jobs", "discard", str(rendering), "--reason", "withdrawn", *AS_OPERATOR, typed=PASSWORD
        ).status
        == 0
    )
    assert state_of(on_sqlite, effect) == State.DISCARDED


@pytest.mark.parametrize("kind", [ORDER_DOCUMENT, MAINTAIN])
def test_what_has_no_history_is_retried_on_the_board(installation: Installation, kind: str) -> None:
    job = uuid4()
    queue = COMMANDS if kind == ORDER_DOCUMENT else MAINTENANCE
    effect = a_dead_effect(installation, queue=queue, kind=kind, payload={"job_id": str(job)})
    name = effect if kind == ORDER_DOCUMENT else job
    assert installation.run("jobs", "retry", str(name)).status == 0
    assert state_of(installation, effect) == State.READY


def test_a_document_that_waits_is_cancelled_in_the_operators_name(on_sqlite: Installation) -> None:
    with on_sqlite.story() as story:
        rendering = story.rendering(story.report())
    on_sqlite.project()

    done = on_sqlite.run(
        "jobs", "cancel", str(rendering), "--reason", "no need", *AS_OPERATOR, typed=PASSWORD
    )

    assert (done.status, "not made" in done.out) == (0, True)
    assert found(on_sqlite, Rendering, rendering).status is RenderingStatus.CANCELLED
    again = on_sqlite.run(
        "jobs", "cancel", str(rendering), "--reason", "no need", *AS_OPERATOR, typed=PASSWORD
    )
    assert (again.status, "Refused" in again.err) == (1, True)


def test_an_order_that_waits_is_cancelled_on_the_board(on_sqlite: Installation) -> None:
    order = a_dead_effect(on_sqlite, queue=COMMANDS, kind=ORDER_DOCUMENT)
    assert on_sqlite.run("jobs", "cancel", str(order), "--reason", "no need").status == 1
    assert on_sqlite.run("jobs", "retry", str(order)).status == 0

    assert on_sqlite.run("jobs", "cancel", str(order), "--reason", "no need").status == 0

    assert state_of(on_sqlite, order) == State.CANCELLED


def test_the_figures_count_what_failed_and_the_screen_shows_what_waits(installation: Installation) -> None:
    rendering = a_dead_rendering(installation)
    a_dead_effect(installation, queue=COMMANDS, kind=ORDER_DOCUMENT)

    figures = installation.run("jobs", "stats", "--hours", "100000", "--json").json
    assert figures["states"] == [{"kind": "rendering", "state": "failed", "count": 1}]
    (failed,) = figures["failures"]
    assert (failed["failure_class"], failed["count"]) == ("timeout", 1)
    assert (figures["trend"][0]["failed"], figures["unit"]) == (1, "day")
    assert "timeout" in installation.run("jobs", "stats", "--hours", "100000").out
    assert "Nothing was wanted" in installation.run("jobs", "stats", "--hours", "1").out

    screen = installation.run("jobs", "watch").out
    assert all(queue in screen for queue in QUEUES)
    assert "Waits for a person: 1" in screen
    assert str(rendering) not in screen


def test_the_processes_that_work_are_listed_with_what_they_are_at(installation: Installation) -> None:
    assert "Nobody works" in installation.run("jobs", "workers").out
    with installation.opened() as base:
        read = base.databases.read
        want(read, (a_wish(queue=RENDERING, kind=RENDER_DOCUMENT), a_cause()))
        Effects(read).claim(RENDERING, "here:1", utc_now(), 60, 1)
        Workers(read).enter(HERE)

    (worker,) = installation.run("jobs", "workers", "--json").json["workers"]

    assert (worker["name"], worker["state"]) == ("here:1", "silent")
    assert worker["tasks"][0]["kind"] == "render_document"
    assert "render_document" in installation.run("jobs", "workers").out


def test_nobody_decides_without_saying_who_they_are(on_sqlite: Installation) -> None:
    mail = a_mail_in_doubt(on_sqlite)
    said = on_sqlite.run("jobs", "retry", str(mail), "--reason", "once more")
    assert said.status == 2
    assert "--as" in said.err


def test_a_wrong_password_decides_nothing(on_sqlite: Installation) -> None:
    mail = a_mail_in_doubt(on_sqlite)
    said = on_sqlite.run("jobs", "retry", str(mail), "--reason", "once more", *AS_OPERATOR, typed="wrong")
    assert said.status == 1
    assert "the e-mail address or the password is wrong" in said.err
    assert found(on_sqlite, EmailMessage, mail).status is EmailStatus.IN_DOUBT


def test_what_was_not_given_up_is_left_alone(on_sqlite: Installation) -> None:
    with on_sqlite.story() as story:
        rendering = story.rendering(story.report())
    said = on_sqlite.run("jobs", "retry", str(rendering))
    assert said.status == 1
    assert "nothing to do" in said.err


def test_a_discard_needs_its_reason_and_a_verb_its_job(on_sqlite: Installation) -> None:
    assert on_sqlite.run("jobs", "discard", str(uuid4())).status == 2
    assert on_sqlite.run("jobs", "retry").status == 2
