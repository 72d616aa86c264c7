"""`countersign keys`: signing keys are listed, added and retired, also without the database."""

from __future__ import annotations

from pathlib import Path
from threading import Event

import pytest

from countersign.aggregates.secret_ref import SecretRef
from countersign.cli.secret_notes import keep_noting
from countersign.config.key_files import create_keys
from countersign.eventstore.context import Context
from countersign.eventstore.receipt import Receipt
from tests.integration.cli.installation import Installation


@pytest.fixture
def installation(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Installation:
    made = Installation(tmp_path, "", capsys, monkeypatch)
    create_keys(made.settings.keys_dir)
    return made


def test_a_key_is_rotated_and_the_one_before_is_retired(installation: Installation) -> None:
    (first,) = installation.run("keys", "--json").json["keys"]
    assert first["state"] == "signs"

    coming = installation.run("keys", "rotate", "--json").json
    states = {key["id"]: key["state"] for key in installation.run("keys", "list", "--json").json["keys"]}
    assert states == {first["id"]: "signs", coming["id"]: "coming"}

    now = installation.run("keys", "rotate", "--lead", "0", "--json").json
    states = {key["id"]: key["state"] for key in installation.run("keys", "--json").json["keys"]}
    assert states == {first["id"]: "checks", now["id"]: "signs", coming["id"]: "coming"}

    kept = installation.run("keys", "retire", first["id"])
    assert kept.status == 1
    assert "are good until" in kept.err
    gone = installation.run("keys", "retire", first["id"], "--now", "--json")
    assert (gone.status, gone.json["id"]) == (0, first["id"])
    assert len(installation.run("keys", "--json").json["keys"]) == 2


def test_it_says_in_words_what_it_has_done(installation: Installation) -> None:
    listed = installation.run("keys")
    assert "signs" in listed.out
    assert "token-signing.pem" in listed.out

    added = installation.run("keys", "rotate", "--lead", "60")
    assert "is published now and signs from" in added.out
    assert "The log of events does not know it yet" in added.out
    assert "is not set up" in added.out
    coming = added.out.split()[0]
    assert "is destroyed" in installation.run("keys", "retire", coming).out


def test_a_wrong_call_is_explained(installation: Installation) -> None:
    assert installation.run("keys", "retire").status == 2
    unknown = installation.run("keys", "retire", "nobody")
    assert unknown.status == 1
    assert "countersign keys list" in unknown.err
    with pytest.raises(SystemExit):
        installation.run("keys", "rotate", "--lead", "-5")


def test_without_keys_it_says_how_to_make_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    said = Installation(tmp_path, "", capsys, monkeypatch).run("keys")

    assert said.status == 1
    assert "countersign init" in said.err


def test_the_log_of_events_names_each_key_that_came_and_went(on_sqlite: Installation) -> None:
    (first,) = (key["id"] for key in on_sqlite.run("keys", "--json").json["keys"])

    new = on_sqlite.run("keys", "rotate", "--lead", "0", "--json").json
    assert new["noted"]
    assert on_sqlite.run("keys", "retire", first, "--now", "--json").json["noted"]

    assert told_of_secrets(on_sqlite) == [
        ("secret.registered", first),
        ("secret.rotated", new["id"]),
        ("secret.version_retired", first),
    ]


def test_a_worker_notes_what_the_command_line_could_not(on_sqlite: Installation) -> None:
    on_sqlite.folder.joinpath("log.db").rename(on_sqlite.folder / "away.db")
    assert not on_sqlite.run("keys", "rotate", "--json").json["noted"]
    on_sqlite.folder.joinpath("away.db").rename(on_sqlite.folder / "log.db")
    assert [topic for topic, _ in told_of_secrets(on_sqlite)] == ["secret.registered"]

    stop = Event()
    with on_sqlite.opened() as base:

        def dispatch_once(command: object, context: Context) -> Receipt:
            stop.set()
            return base.dispatcher.dispatch(command, context)

        keep_noting(on_sqlite.settings, dispatch_once)(stop)

    assert [topic for topic, _ in told_of_secrets(on_sqlite)] == ["secret.registered", "secret.rotated"]


def told_of_secrets(installation: Installation) -> list[tuple[str, str]]:
    """Topic and version of each event of a secret."""
    with installation.opened() as base:
        happened = map(base.store.mapper.happened, base.log.read(0, 1_000))
        events = [each.event for each in happened]
        return [
            (event.TOPIC, event.secret_version)
            for event in events
            if isinstance(event, SecretRef.Created | SecretRef.Rotated | SecretRef.VersionRetired)
        ]
