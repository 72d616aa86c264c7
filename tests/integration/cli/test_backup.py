"""Backups at the command line: made, proven, restored on an empty machine, gone back to by two people."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from uuid import UUID

import pytest
from sqlalchemy import text

from countersign.aggregates.backup import Backup
from countersign.projections.work.outward_hold import hold_outward, outward_hold
from countersign.workers.outward import OutwardGate
from tests.integration.cli.backups_at_work import SECOND, WHY, backup, events_of, hire
from tests.integration.cli.installation import ADMINISTRATOR, PASSWORD, Installation
from tests.integration.projections.story import Story
from tests.postgres_servers import PostgresServers


@pytest.fixture
def busy(installation: Installation) -> Installation:
    """With a report and its document, all of it in the read tables."""
    with installation.story() as story:
        rendered(story)
    installation.project()
    return installation


@pytest.fixture
def elsewhere(busy: Installation, request: pytest.FixtureRequest) -> Iterator[Installation]:
    """An empty machine of the same kind, to which the folder of keys was brought."""
    folder = busy.folder.parent / "other"
    shutil.copytree(busy.settings.keys_dir, folder / "keys")
    if not busy.settings.database.url:
        yield Installation(folder, "", busy.capsys, busy.monkeypatch)
        return
    servers: PostgresServers = request.getfixturevalue("postgres_servers")
    url = servers.new_database("postgresql")
    yield Installation(folder, url, busy.capsys, busy.monkeypatch)
    servers.drop(url)


def rendered(story: Story) -> None:
    report = story.report("SAT-1")
    story.section_saved(report, "pumps", {"rows": [{"name": "P1"}]}, ref="pumps")
    story.rendered(story.rendering(report), digest=story.store.blobs.put(b"the document"))


def test_what_is_made_can_be_listed_and_proven(busy: Installation) -> None:
    made = backup(busy, "create")
    busy.project()
    proof = backup(busy, "verify")
    assert (proof["faults"], proof["name"], proof["not_compared"]) == ([], made["name"], [])
    assert proof["compared_rows"] > 10
    (listed,) = backup(busy, "list")["backups"]
    assert (listed["name"], listed["proven"], listed["position"]) == (made["name"], "yes", made["position"])


def test_a_drill_says_what_would_be_lost(busy: Installation) -> None:
    backup(busy, "create")
    with busy.story() as story:
        story.report("SAT-2")
    busy.project()
    told = backup(busy, "drill", json=False)
    assert "Were all lost but the backups: 2 events would be gone" in told


def test_a_row_that_is_not_what_the_log_says_is_found(busy: Installation) -> None:
    backup(busy, "create")
    busy.project()
    with busy.opened() as base, base.databases.read.write() as connection:
        connection.execute(text("UPDATE report_register_v1 SET title = 'forged'"))
    proof = backup(busy, "verify", status=3, json=False)
    assert "WRONG: the table report_register has 1 rows in the service and 1 when it is made" in proof


def test_an_event_that_was_changed_in_the_service_is_found(busy: Installation) -> None:
    backup(busy, "create")
    busy.project()
    with busy.opened() as base, base.databases.log.write() as connection:
        connection.execute(text("UPDATE events SET version = 7 WHERE position = 3"))
    assert "the log of the service differs from" in backup(busy, "verify", status=3, json=False)


def test_an_empty_machine_becomes_the_service_again(busy: Installation, elsewhere: Installation) -> None:
    made = backup(busy, "create")
    restored = backup(elsewhere, "restore")
    assert restored["position"] == made["position"]
    *same, origin = events_of(elsewhere)
    assert same == events_of(busy)[: made["position"]]
    assert origin.topic == "backup.restore_completed"
    elsewhere.project()
    with elsewhere.opened() as base, base.databases.read.read() as connection:
        assert connection.scalar(text("SELECT document_number FROM report_register")) == "SAT-1"
        digest = connection.scalar(text("SELECT digest FROM document_store_artifact"))
    with elsewhere.opened() as base:
        assert base.store.blobs.get(str(digest)) == b"the document"
        gate = OutwardGate(base.databases.read, base.store.aggregates, base.dispatcher)
        assert gate.is_closed()
        held = outward_hold(base.databases.read)
        assert held is not None
    said = elsewhere.run("status").out
    assert f"Mail and webhooks are held since the service was restored from {made['name']}" in said
    released = ("release", "--reason", "what waits has not left before", "--as", ADMINISTRATOR)
    assert backup(elsewhere, *released, "--password-stdin", typed=PASSWORD)["held"] is False
    with elsewhere.opened() as base:
        assert not OutwardGate(base.databases.read, base.store.aggregates, base.dispatcher).is_closed()
        hold_outward(base.databases.read, held)  # as it stands after a release over HTTP, without a worker
    assert backup(elsewhere, "release")["held"] is False
    assert "nothing is held here" in backup(elsewhere, "release", "--reason", WHY, status=1)


def test_nothing_is_overwritten(busy: Installation) -> None:
    backup(busy, "create")
    before = events_of(busy)
    assert "a restore never overwrites" in backup(busy, "restore", status=1)
    assert events_of(busy) == before
    with busy.opened() as base:  # and the service that runs there goes on sending
        assert outward_hold(base.databases.read) is None


def test_two_people_go_back_to_a_position(busy: Installation, elsewhere: Installation) -> None:
    made = backup(busy, "create")
    place = str(elsewhere.settings.database.url.reveal() or elsewhere.folder)
    asked = ("request-restore", made["name"], "--to-position", "5", "--reason", WHY)
    backup(busy, *asked, "--as", ADMINISTRATOR, "--password-stdin", typed=PASSWORD)
    assert "two people have not agreed" in backup(busy, "restore", made["name"], "--into", place, status=1)
    assert "up to position 5, without the" in backup(busy, "approve-restore", made["name"], status=2)
    agree = ("approve-restore", made["name"], "--to-position", "5", "--reason", WHY, "--password-stdin")
    assert "another operator approves" in backup(
        busy, *agree, "--as", ADMINISTRATOR, typed=PASSWORD, status=1
    )
    hire(busy)
    backup(busy, *agree, "--as", SECOND, typed=PASSWORD)
    assert backup(busy, "restore", made["name"], "--into", place)["position"] == 5
    assert [event.position for event in events_of(elsewhere)] == [1, 2, 3, 4, 5, 6, 7]
    with busy.opened() as base:
        kept = base.store.aggregates.find(Backup, UUID(made["id"]))
        assert kept is not None
        assert kept.request is None
