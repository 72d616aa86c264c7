"""Enters this process in the roll of those that work."""

from __future__ import annotations

from collections.abc import Collection
from importlib.metadata import version

from countersign.cli.foundation import Foundation, utc_now
from countersign.workers.load import Load
from countersign.workers.presence import Presence
from countersign.workers.workers_table import Workers


def presence(base: Foundation, name: str, parts: Collection[str], load: Load) -> Presence:
    """Its entry, kept while it works."""
    workers = Workers(base.databases.read)
    return Presence(workers, name, version("countersign-server"), tuple(parts), load, utc_now)
