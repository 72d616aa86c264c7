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

WHY_NOT = "" if shutil.which("pgbouncer") else "NOT TESTED: PgBouncer is not installed"
_CONNECTIONS = 6  # fewer than the threads that ask for one: a session soon meets another's connection


@contextmanager
def pooler(folder: Path, postgres_url: str) -> Iterator[str]:
    """The URL of the same database through a PgBouncer of its own."""
    server = make_url(postgres_url)
    host = server.host or server.query["host"]
    port = free_port()
    settings = folder / "pgbouncer.ini"
    settings.write_text(
        f"[databases]\n{server.database} = host={host} port={server.port or 5432} user={server.username}\n"
        f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n"
        "auth_type = any\npool_mode = transaction\nmax_client_conn = 400\n"
        f"default_pool_size = {_CONNECTIONS}\nlogfile = {folder / 'pgbouncer.log'}\n",
        encoding="utf-8",
    )
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
