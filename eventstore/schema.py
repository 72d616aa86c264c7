"""What `create` puts into each of the three databases."""

from __future__ import annotations

from pathlib import Path

_FILES = {
    ("sqlite", "log"): ("sqlite_events.sql", "sqlite_command_keys.sql"),
    ("postgresql", "log"): ("postgres_log.sql", "append.sql", "head_unless_gone_on.sql"),
    ("sqlite", "read"): ("leases.sql",),
    ("postgresql", "read"): ("leases.sql",),
}


def scripts(dialect: str, name: str) -> list[str]:
    """What makes one database ready, to be executed in this order; each may be repeated."""
    # Not importlib.resources: on Python 3.11 it fails on the namespace package of an editable install.
    room = Path(__file__).parent
    return [(room / file).read_text("utf-8") for file in _FILES.get((dialect, name), ())]
