"""The register of erasures: whose keys were destroyed, so that no backup brings them back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from countersign.eventstore.databases import Database
from countersign.eventstore.master_key_in_use import hold_alone
from countersign.eventstore.subject_keys import erasures, subject_keys
from countersign.eventstore.subject_keys import metadata as of_the_keys

metadata: Final = of_the_keys


def erase(keys: Database, subjects: Iterable[UUID]) -> None:
    """Destroy the keys of these people and note it, in one transaction; what was noted before stays so.

    From then on `SubjectKeys` makes no other for them.
    """
    rows = [{"subject": subject} for subject in subjects]
    if not rows:
        return
    with keys.write() as connection:
        hold_alone(connection)
        dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
        connection.execute(dialect.insert(erasures).on_conflict_do_nothing(), rows)
        for row in rows:
            connection.execute(delete(subject_keys).where(subject_keys.c.subject == row["subject"]))


def erased(keys: Database) -> dict[UUID, datetime]:
    """Whose keys were destroyed, and when."""
    with keys.read() as connection:
        return {row.subject: row.erased_at for row in connection.execute(select(erasures))}
