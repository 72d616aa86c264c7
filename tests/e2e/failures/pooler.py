"""PgBouncer in transaction mode, as operators put it in front of PostgreSQL."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2
from sqlalchemy import make_url

from tests.ports import free_port

SETTINGS = Path(__file__).parents[3] / "deploy" / "pgbouncer.ini"
WHY_NOT = "" if shutil.which("pgbouncer") else "NOT TESTED: PgBouncer is not installed"
_CONNECTIONS = 6  # fewer than the threads that ask for one: a session soon meets another's connection


@contextmanager
def pooler(folder: Path, postgres_url: str) -> Iterator[str]:
    """The URL of the same database through a PgBouncer of its own."""
    server = make_url(postgres_url)
    host = server.host or server.query["host"]
    port = free_port()
    settings = folder / "pgbouncer.ini"
    adapted = {
        "countersign = host=db.example.com port=5432 dbname=countersign": (
            f"{server.database} = host={host} port={server.port or 5432} user={server.username}"
        ),
        "listen_port = 6432": f"listen_port = {port}",
        "auth_type = scram-sha-256\nauth_file = /etc/pgbouncer/userlist.txt": "auth_type = any",
        "client_tls_sslmode = require": "client_tls_sslmode = disable",
        "server_tls_sslmode = verify-full": "server_tls_sslmode = disable",
        "server_tls_ca_file = /etc/pgbouncer/ca.pem": f"logfile = {folder / 'pgbouncer.log'}",
        "default_pool_size = 40": f"default_pool_size = {_CONNECTIONS}",
    }
    text = SETTINGS.read_text("utf-8")
    for old, new in adapted.items():
        assert old in text, f"pgbouncer.ini has no {old!r}"
        text = text.replace(old, new)
    settings.write_text(text, encoding="utf-8")
    folder.chmod(0o777)
    as_user = ["--user", "nobody"] if Path("/proc/self").stat().st_uid == 0 else []
    process = subprocess.Popen(
        ["pgbouncer", "--quiet", *as_user, str(settings)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"postgresql://{server.username}@127.0.0.1:{port}/{server.database}"
    try:
        _wait_until_it_answers(url, process)
        yield url
    finally:
        process.terminate()
        process.wait(10)


def _wait_until_it_answers(url: str, process: subprocess.Popen[bytes]) -> None:
    give_up = time.monotonic() + 20
    while True:
        try:
            psycopg2.connect(url).close()
        except psycopg2.OperationalError:
            assert process.poll() is None, "PgBouncer has ended"
            assert time.monotonic() < give_up
            time.sleep(0.1)
        else:
            return
