"""The searches that people keep, and for whom."""

from __future__ import annotations

from functools import singledispatch

import msgspec
from sqlalchemy import Boolean, Column, Index, Integer, MetaData, String, Table, Text, Uuid

from countersign.aggregates.root import Root
from countersign.aggregates.saved_search import SavedSearch
from countersign.eventstore.mapper import Happened
from countersign.projections.columns import CanonicalJson, Instant
from countersign.projections.folding.rows import Rows

VERSION = 1
metadata = MetaData()
searches = Table(
    f"saved_searches_v{VERSION}",
    metadata,
    Column("search_id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("owner", Uuid, nullable=False),
    Column("name", Text, nullable=False),
    Column("sought", CanonicalJson, nullable=False),
    Column("everybody", Boolean, nullable=False),
    Column("saved_at", Instant, nullable=False),
)
roles = Table(
    f"saved_searches_role_v{VERSION}",
    metadata,
    Column("search_id", Uuid, primary_key=True),
    Column("role", String(30), primary_key=True),
)
Index(f"{searches.name}_owner", searches.c.owner)
Index(f"{searches.name}_name", searches.c.name, searches.c.search_id)
Index(f"{roles.name}_role", roles.c.role)


@singledispatch
def project(event: Root.Event, meta: Happened, rows: Rows) -> None:
    """Only searches are kept here."""


@project.register
def _(event: SavedSearch.Created, meta: Happened, rows: Rows) -> None:
    rows.insert(
        searches,
        search_id=meta.stream,
        version=meta.version,
        owner=event.owner,
        name=event.name,
        sought=msgspec.to_builtins(event.sought),
        everybody=False,
        saved_at=event.timestamp,
    )


@project.register
def _(event: SavedSearch.Shared, meta: Happened, rows: Rows) -> None:
    rows.update(searches, {"search_id": meta.stream}, version=meta.version, everybody=event.everybody)
    rows.delete(roles, search_id=meta.stream)
    for role in event.roles:
        rows.upsert(roles, search_id=meta.stream, role=role)


@project.register
def _(event: SavedSearch.Deleted, meta: Happened, rows: Rows) -> None:
    rows.delete(searches, search_id=meta.stream)
    rows.delete(roles, search_id=meta.stream)
