"""The host of the database: PostgreSQL and Redis, over the network for the others, by sockets for a test."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.e2e.failures.network import Host
from tests.password_postgres import postgres_programs


@dataclass(frozen=True)
class DatabaseHost:
    """`url` is for the hosts of its network, `near_url` for processes of this machine."""

    url: str
    near_url: str


@contextmanager
def database_host(host: Host) -> Iterator[DatabaseHost]:
    """A PostgreSQL that listens at the host's address."""
    programs, user = postgres_programs()
    folder = Path(tempfile.mkdtemp(prefix="countersign-pg-"))
    folder.chmod(0o755)
    assert user, "hosts are made by root"
    shutil.chown(folder, user)

    def run(program: str, *arguments: str) -> None:
        command = [str(programs / program), "-D", str(folder / "cluster"), *arguments]
        as_user = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", *command]
        subprocess.run(
            ["ip", "netns", "exec", host.name, *as_user],
            cwd=folder,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    run("initdb", "--auth=trust", "--encoding=UTF8", "--username=postgres", "--no-sync")
    with (folder / "cluster" / "pg_hba.conf").open("a", encoding="utf-8") as allowed:
        allowed.write("host all all samenet trust\n")
    options = f"-k {folder} -c listen_addresses={host.address} -c fsync=off"
    run("pg_ctl", "-w", "-l", str(folder / "log"), "-o", options, "start")
    try:
        near = f"postgresql://postgres@/postgres?host={folder}"
        yield DatabaseHost(f"postgresql://postgres@{host.address}/postgres", near)
    finally:
        run("pg_ctl", "-w", "-m", "immediate", "stop")
        shutil.rmtree(folder)
