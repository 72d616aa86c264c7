"""`countersign keys rotate-master`: names are readable at every step, by all processes, after any kill."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from uuid import uuid4

import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy import insert

from countersign.aggregates.account import Account
from countersign.aggregates.role import Role
from countersign.aggregates.secret_ref import SecretRef
from countersign.cli.aggregate_classes import AGGREGATES
from countersign.cli.foundation import Foundation, foundation
from countersign.cli.master_key_rotation import Rotation
from countersign.config.layers import load_settings
from countersign.config.master_key_file import master_keys
from countersign.config.private_files import KeyFilesError
from countersign.eventstore.field_cipher import FieldCipher
from countersign.eventstore.mapper import EventMapper
from countersign.eventstore.master_key_in_use import hold, in_use
from countersign.eventstore.master_keys import MasterKeyMissing, MasterKeys, master_key_id
from countersign.eventstore.outage import DatabaseUnavailable
from countersign.eventstore.subject_keys import SubjectKeys, subject_keys
from countersign.eventstore.topics import Topics
from tests.integration.cli.installation import Installation, Said
from tests.integration.projections.story import Story

ENDS_AFTER = Path(__file__).with_name("rotation_process.py")
PEOPLE = ["Administrator", "Ann", "Ben", "Cleo"]


@pytest.fixture(autouse=True)
def _people(request: pytest.FixtureRequest) -> None:
    name = "on_sqlite" if "on_sqlite" in request.fixturenames else "installation"
    installed: Installation = request.getfixturevalue(name)
    forgets_at_once = {**overrides(installed), "cache.accounts_lifetime_s": 0}
    installed.settings = load_settings({"COUNTERSIGN_ENV": "testing"}, forgets_at_once)
    with installed.opened() as base:
        for person in PEOPLE[1:]:
            register(base, person)


def overrides(installed: Installation) -> dict[str, object]:
    url = installed.settings.database.url.reveal()
    return {"data_dir": str(installed.folder), **({"database.url": url} if url else {})}


def register(base: Foundation, name: str) -> None:
    story = Story(base.databases, base.wakeups)
    story.store = base.store
    story.account(uuid4(), name, Role.ENGINEER)


def names(base: Foundation, mapper: EventMapper | None = None) -> list[str]:
    """The names of all people, each opened anew."""
    read = (mapper or base.store.mapper).happened
    events = [read(recorded).event for recorded in base.log.read(0, 1_000)]
    return [str(event.name) for event in events if isinstance(event, Account.Created)]


def names_under(base: Foundation, key: bytes) -> list[str]:
    """What can be read with that master key and no other."""
    keys = SubjectKeys(base.databases.keys, MasterKeys(key))
    return names(base, EventMapper(Topics(AGGREGATES), FieldCipher(keys), base.store.blobs.get))


def key_file(installed: Installation) -> Path:
    return installed.settings.keys_dir / "master.key"


def test_names_stay_readable_at_every_step_for_processes_old_and_new(installation: Installation) -> None:
    expected = list(PEOPLE)
    (old,) = master_keys(key_file(installation), None)
    with installation.opened() as before, installation.opened() as at_work:
        rotation = Rotation.found(at_work)
        rotation.batch = 2
        taken = []
        for step in rotation.steps():
            taken.append(step.name)
            register(before, step.says)
            with installation.opened() as later:
                register(later, step.name)
                expected += [step.says, step.name]
                assert names(before) == names(later) == expected
        assert taken == ["made", "in-use", "wrapped", "wrapped", "wrapped", "destroyed", "done"]

        (new,) = master_keys(key_file(installation), None)
        assert names_under(before, new) == expected
        with pytest.raises((InvalidTag, MasterKeyMissing)):
            names_under(before, old)


def test_killed_after_any_step_it_goes_on_where_it_was(on_sqlite: Installation) -> None:
    (old,) = ids(on_sqlite)
    made, in_the_midst, destroyed = 1, 3, 4
    for steps in (made, in_the_midst, destroyed):
        command = [sys.executable, str(ENDS_AFTER), str(on_sqlite.folder), str(steps)]
        assert subprocess.run(command, timeout=30, check=False).returncode == -signal.SIGKILL
        with on_sqlite.opened() as base:
            assert names(base) == PEOPLE

    assert steps_of(on_sqlite.run("keys", "rotate-master", "--json")) == ["done"]

    (new,) = ids(on_sqlite)
    with on_sqlite.opened() as base:
        assert names_under(base, *master_keys(key_file(on_sqlite), None)) == PEOPLE
        told = [base.store.mapper.happened(recorded).event for recorded in base.log.read(0, 1_000)]
    assert [
        (event.TOPIC, event.secret_version)
        for event in told
        if isinstance(event, SecretRef.Created | SecretRef.Rotated | SecretRef.VersionRetired)
        and event.name == "master-key"
    ] == [("secret.registered", old), ("secret.rotated", new), ("secret.version_retired", old)]


def test_a_person_who_is_being_registered_is_waited_for(installation: Installation) -> None:
    with installation.opened() as base:
        rotation = Rotation.found(base)
        steps = rotation.steps()
        next(steps)
        used = Thread(target=lambda: next(steps))
        with base.databases.keys.write() as connection:
            hold(connection)
            used.start()
            used.join(0.5)
            assert used.is_alive()
            assert in_use(connection) is None
        used.join(10)
        with base.databases.keys.read() as connection:
            assert in_use(connection) is not None
        assert [step.name for step in steps] == ["wrapped", "destroyed", "done"]


def test_the_old_key_stays_while_anything_is_wrapped_by_it(on_sqlite: Installation) -> None:
    with on_sqlite.opened() as base:
        rotation = Rotation.found(base)
        rotation.batch = 0  # nothing is found to be wrapped anew

        with pytest.raises(KeyFilesError, match="4 keys of people are not wrapped by the new key"):
            list(rotation.steps())

        assert len(ids(on_sqlite)) == 2
    assert steps_of(on_sqlite.run("keys", "rotate-master", "--json"))[-3:] == ["wrapped", "destroyed", "done"]


def test_a_machine_without_the_new_key_waits_for_it_and_needs_no_restart(on_sqlite: Installation) -> None:
    here = on_sqlite.settings.keys_dir
    there = on_sqlite.folder / "there"
    shutil.copytree(here, there)
    elsewhere = load_settings(
        {"COUNTERSIGN_ENV": "testing"}, {**overrides(on_sqlite), "keys_dir": str(there)}
    )
    with foundation(elsewhere) as other:
        assert steps_of(on_sqlite.run("keys", "rotate-master", "--prepare", "--json")) == ["made"]
        register(other, "Dora")
        shutil.copy(here / "master.key", there / "master.key.copied")
        assert steps_of(on_sqlite.run("keys", "rotate-master", "--json"))[-1] == "done"

        with pytest.raises(DatabaseUnavailable, match="copy the file from the machine that has it"):
            register(other, "Emil")
        (there / "master.key.copied").replace(there / "master.key")
        register(other, "Emil")

        assert names(other) == [*PEOPLE, "Dora", "Emil"]


def test_nothing_else_is_done_to_a_key_in_the_midst_of_its_exchange(on_sqlite: Installation) -> None:
    before = key_file(on_sqlite).read_bytes()
    on_sqlite.run("keys", "rotate-master", "--prepare")
    aside = key_file(on_sqlite).with_name(f"master.key.{ids(on_sqlite)[0]}")
    assert (aside.read_bytes(), stat.S_IMODE(aside.stat().st_mode)) == (before, 0o600)
    assert "being exchanged" in on_sqlite.run("doctor").out
    assert on_sqlite.run("keys", "wrap-master").status == 2
    with somebody_else_at_it(on_sqlite):
        assert "already" in on_sqlite.run("keys", "rotate-master").err
    assert on_sqlite.run("keys", "rotate-master").status == 0

    key_file(on_sqlite).write_bytes(before)

    refused = on_sqlite.run("keys", "rotate-master")
    assert (refused.status, key_file(on_sqlite).read_bytes()) == (1, before)
    assert "copy the file from the machine that has it" in refused.err


def test_a_dry_run_opens_every_key_and_changes_nothing(on_sqlite: Installation) -> None:
    before = tree(on_sqlite)
    said = on_sqlite.run("keys", "rotate-master", "--dry-run")
    assert (said.status, tree(on_sqlite)) == (0, before)
    assert "all 4 keys of people open" in said.out.replace("\n", " ")

    with on_sqlite.opened() as base, base.databases.keys.write() as connection:
        connection.execute(insert(subject_keys).values(subject=uuid4(), wrapped=b"x" * 60))
    for arguments in (["--dry-run"], []):
        assert "does not open" in on_sqlite.run("keys", "rotate-master", *arguments).err
    assert tree(on_sqlite) == before


def ids(installed: Installation) -> list[str]:
    return list(map(master_key_id, master_keys(key_file(installed), None)))


def steps_of(said: Said) -> list[str]:
    assert said.status == 0, said.err
    return [json.loads(line)["step"] for line in said.out.splitlines()]


@contextmanager
def somebody_else_at_it(installed: Installation) -> Iterator[None]:
    folder = os.open(installed.settings.keys_dir, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def tree(installed: Installation) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in installed.settings.keys_dir.iterdir()}
