"""An operator sees from `countersign status` alone how the service stands and what to do."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update

from countersign.aggregates.email_message import EmailMessage
from countersign.cli.foundation import utc_now
from countersign.cli.status import advice
from countersign.projections.building import builds, schema
from countersign.projections.catalogue import PROJECTIONS
from countersign.projections.following import positions
from countersign.projections.letters import dead_letters
from countersign.projections.letters.dead_letters import Letter
from countersign.workers import reaction_checkpoints
from countersign.workers.effect import State
from countersign.workers.effects_table import effects
from countersign.workers.kinds import COMMANDS, MAIL, ORDER_DOCUMENT, RENDER_DOCUMENT, RENDERING, WEBHOOKS
from tests.integration.cli.installation import Installation, Said
from tests.integration.projections.journal import MANAGER
from tests.integration.workers.effects_rig import a_cause, a_wish, want


def whats(said: Said) -> str:
    return " ".join(problem["what"] for problem in said.json["problems"])


def remedies(said: Said) -> str:
    return " ".join(problem["remedy"] for problem in said.json["problems"])


def queue(said: Said, name: str) -> dict[str, object]:
    found: dict[str, object] = next(each for each in said.json["queues"] if each["queue"] == name)
    return found


def test_without_workers_it_is_not_healthy_and_names_what_to_start(installation: Installation) -> None:
    said = installation.run("status")
    assert said.status == 1
    assert "Start `countersign work`." in said.out
    assert "Start `countersign schedule`." in said.out


def test_with_everybody_at_work_it_is_healthy(installation: Installation) -> None:
    with installation.at_work():
        said = installation.run("status")
    assert (said.status, said.err) == (0, "")
    assert said.out.endswith("Healthy.\n")
    assert "worker-1" in said.out


def test_a_script_gets_positions_lags_queues_and_holders(installation: Installation) -> None:
    with installation.at_work() as base:
        document = installation.run("status", "--json").json
        head = base.log.head()
    assert document["healthy"] is True
    assert document["head"] == head
    assert {lag["name"]: (lag["position"], lag["events"]) for lag in document["projections"]} == {
        projection.name: (head, 0) for projection in PROJECTIONS
    }
    assert {each["position"] for each in document["reactions"]} == {head}
    assert document["roles"]["scheduler"] == document["roles"]["projection:people:1:0"] == "worker-1"


def test_a_lag_is_told_in_events_and_seconds(installation: Installation) -> None:
    installation.project()
    with installation.story() as story:
        for _ in range(3):
            story.report(number=str(uuid4()))
    lag = installation.run("status", "--json").json["projections"][0]
    assert lag["events"] == 3
    assert 0 < lag["seconds"] < 60


def test_a_projection_that_stopped_is_shown_with_its_reason(installation: Installation) -> None:
    with installation.at_work() as base:
        with base.databases.read.write() as connection:
            stopped = {"state": positions.State.FAILED, "failed_position": 7, "error": "no such row"}
            people = positions.positions.c.name == "people"
            connection.execute(update(positions.positions).where(people).values(stopped))
        said = installation.run("status", "--json")
    assert said.status == 1
    assert whats(said) == "The projection people has stopped at position 7: no such row."
    assert "countersign projections resume people" in remedies(said)


def test_a_read_table_that_lacks_events_is_unhealthy_in_status_and_doctor(on_sqlite: Installation) -> None:
    with on_sqlite.at_work() as base:
        key = uuid4()
        letters = [
            Letter(position=at, key=key, stream=key, version=at, topic="a.b", failed=at == 1) for at in (1, 2)
        ]
        with base.databases.read.write() as connection:
            dead_letters.add(connection, ("people", 1, 0), letters)
        said, doctor = on_sqlite.run("status", "--json"), on_sqlite.run("doctor", "--json")
    assert said.status == 1
    assert "The read table people lacks 2 events of 1 key" in whats(said)
    assert "countersign projections dead-letters list people" in remedies(said)
    found = [each for each in doctor.json["findings"] if each["subject"] == "read tables"]
    assert [(each["verdict"], each["says"]) for each in found] == [("failed", "people: 2 dead letters")]


def test_a_long_pause_and_a_build_that_waits_are_things_to_do(on_sqlite: Installation) -> None:
    with on_sqlite.at_work() as base:
        with base.databases.read.write() as connection:
            people = positions.positions.c.name == "people"
            paused = {"state": positions.State.PAUSED, "position": 0}
            connection.execute(update(positions.positions).where(people).values(paused))
            note = "3 rows differ from what is shown"
            builds.add(connection, "sessions", 1, 1, status=builds.Status.FOLLOWING, note=note)
            positions.create(connection, "sessions", 2, 1)
        on_sqlite.monkeypatch.setattr(advice, "LONGEST_LAG_S", -1.0)
        said = on_sqlite.run("status", "--json")
    assert "The projection people is paused, " in whats(said)
    assert "countersign projections resume people" in remedies(said)
    assert f"Build 2 of sessions waits for a decision: {note}." in whats(said)
    assert "countersign projections show sessions --build 2" in remedies(said)


def test_a_reaction_that_stopped_is_shown_with_its_reason(on_sqlite: Installation) -> None:
    with on_sqlite.at_work() as base:
        with base.databases.read.write() as connection:
            table = reaction_checkpoints.checkpoints
            stopped = update(table).where(table.c.name == "maintain")
            connection.execute(stopped.values(error="at position 4: a bug"))
        said = on_sqlite.run("status", "--json")
    assert said.status == 1
    assert whats(said) == "The reaction maintain has stopped at position 4: a bug."


def test_queues_tell_what_waits_runs_and_is_retried(installation: Installation) -> None:
    with installation.opened() as base:
        read = base.databases.read
        for target in ("waiting", "running", "retrying"):
            want(
                read, (a_wish(target, queue=RENDERING, kind=RENDER_DOCUMENT, payload=job(uuid4())), a_cause())
            )
        with read.write() as connection:
            ids = list(connection.execute(effects.select()).scalars())
            connection.execute(update(effects).where(effects.c.id == ids[0]).values(state=State.CLAIMED))
            connection.execute(update(effects).where(effects.c.id == ids[1]).values(attempts=1))
    counts = queue(installation.run("status", "--json"), RENDERING)
    assert (counts["waiting"], counts["running"], counts["retrying"]) == (1, 1, 1)


def test_what_waits_behind_other_work_is_not_due_yet(on_sqlite: Installation) -> None:
    with on_sqlite.opened() as base:
        wish = replace(a_wish("x", queue=WEBHOOKS), lane="one endpoint")
        first = replace(wish, target="first", due_at=utc_now() + timedelta(hours=1))
        want(base.databases.read, (first, a_cause(1)), (wish, a_cause(2)))
    assert queue(on_sqlite.run("status", "--json"), WEBHOOKS)["overdue_s"] == 0


def test_work_that_nobody_takes_is_a_problem(installation: Installation) -> None:
    with installation.at_work() as base:
        want(base.databases.read, (a_wish("x", queue=RENDERING, payload=job(uuid4())), a_cause()))
        said = installation.run("status", "--json")
    assert "Work in the queue rendering has been due" in whats(said)


def test_a_mail_in_doubt_makes_it_unhealthy_until_somebody_decides(installation: Installation) -> None:
    with installation.story() as story:
        report = story.report()
        story.submitted(report)
        mail = story.mail(story.stage_opened(report), MANAGER)
        story.mail_attempted(mail)
        story.happen(mail, EmailMessage.WentInDoubt, attempt=1, why="cut after the final dot")
        with installation.at_work():
            before = installation.run("status", "--json")
        story.happen(mail, EmailMessage.Resolved, by=MANAGER, resent=False, reason="it arrived")
    with installation.at_work():
        after = installation.run("status", "--json")
    assert (before.status, after.status) == (1, 0)
    assert "Of 1 mail nobody knows" in whats(before)
    assert queue(before, MAIL)["in_doubt"] == 1


def test_a_dead_letter_makes_it_unhealthy_until_its_job_is_taken_up_again(installation: Installation) -> None:
    payload = job(uuid4())
    with installation.at_work() as base:
        read = base.databases.read
        want(read, (a_wish("x", queue=RENDERING, kind=RENDER_DOCUMENT, payload=payload), a_cause(1)))
        bury_all(installation)
        dead = installation.run("status", "--json")
        want(read, (a_wish("x", queue=RENDERING, kind=RENDER_DOCUMENT, payload=payload), a_cause(2)))
        with read.write() as connection:
            again = effects.c.state == State.READY
            connection.execute(update(effects).where(again).values(state=State.DONE))
        done = installation.run("status", "--json")
    assert (dead.status, done.status) == (1, 0)
    assert "1 job was given up." in whats(dead)
    assert queue(dead, RENDERING)["dead"] == 1


def test_an_order_that_was_given_up_counts_too(installation: Installation) -> None:
    with installation.at_work() as base:
        want(base.databases.read, (a_wish("x", queue=COMMANDS, kind=ORDER_DOCUMENT), a_cause()))
        bury_all(installation)
        said = installation.run("status", "--json")
    assert queue(said, COMMANDS)["dead"] == 1


def test_lost_read_tables_are_named_with_their_remedy(installation: Installation) -> None:
    with installation.at_work() as base:
        schema.drop(base.databases.read, PROJECTIONS)
        said = installation.run("status", "--json")
    assert said.status == 1
    assert "read.mail_outbox_v2" in whats(said)
    assert "countersign projections rebuild all" in remedies(said)


def test_it_needs_no_keys(on_sqlite: Installation) -> None:
    with on_sqlite.at_work():
        shutil.rmtree(on_sqlite.settings.keys_dir)
        assert on_sqlite.run("status").status == 0


def test_where_nothing_was_set_up_it_says_so_and_makes_nothing(nothing: Installation) -> None:
    said = nothing.run("status")
    assert said.status == 1
    assert "Run `countersign init`" in said.out
    assert not nothing.folder.exists()


def test_a_database_that_is_away_is_explained(
    nothing: Installation, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    url = "postgresql://operator:very-secret@127.0.0.1:1/countersign"
    away = Installation(nothing.folder, url, capsys, monkeypatch)
    said, scripted = away.run("status"), away.run("status", "--json")
    assert (said.status, scripted.status) == (1, 1)
    assert "The database is not to be had" in said.out
    assert scripted.json["healthy"] is False
    assert "very-secret" not in said.out + said.err + scripted.out


def job(rendering: UUID) -> dict[str, str]:
    return {"rendering_id": str(rendering)}


def bury_all(installation: Installation) -> None:
    with installation.opened() as base, base.databases.read.write() as connection:
        connection.execute(update(effects).values(state=State.DEAD, error="no template", attempts=3))
