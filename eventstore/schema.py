"""What `create` puts into each of the three databases."""

from __future__ import annotations

from importlib.resources import files

_FILES = {
    ("sqlite", "log"): ("sqlite_log.sql",),
    ("postgresql", "log"): ("postgres_log.sql", "append.sql"),
    ("sqlite", "read"): ("leases.sql",),
    ("postgresql", "read"): ("leases.sql",),
}
_BETWEEN_STATEMENTS = ";\n\n"


def statements(dialect: str, name: str) -> list[str]:
    """The statements that make one database ready; each may be repeated."""
    room = files("countersign.eventstore")
    return [
        statement
        for file in _FILES.get((dialect, name), ())
        for statement in room.joinpath(file).read_text("utf-8").split(_BETWEEN_STATEMENTS)
        if statement.strip()
    ]
