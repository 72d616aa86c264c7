"""The texts of every report as they are now, with the words by which they are found."""

from __future__ import annotations

from functools import singledispatch
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import (
    BigInteger,
    Column,
    Dialect,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    TypeDecorator,
    Uuid,
)
from sqlalchemy import text as sql

from countersign.aggregates.report.report import Report
from countersign.aggregates.report.result_entry import ResultEntry
from countersign.aggregates.root import Root
from countersign.aggregates.type_definition import HEADER
from countersign.eventstore.mapper import Happened
from countersign.projections.columns import CanonicalJson
from countersign.projections.folding.rows import Rows
from countersign.projections.search import report_search_index
from countersign.projections.search.searched_texts import (
    fields_text,
    lines_of,
    text_of_row,
    texts_of,
    with_row_changed,
)
from countersign.projections.search.searched_words import words_of

IN_SECTION, IN_HEADER, IN_TITLE, IN_NUMBER = range(4)
"""Where a text stands: what is found further up weighs more."""


class Words(TypeDecorator[str]):
    """The words of the text that is put in, made when a row is written: once a batch, not once an event."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """To the database."""
        return None if value is None else words_of(value)


VERSION = 1
metadata = MetaData()
dress: Final = report_search_index.dress
texts = Table(
    f"report_search_v{VERSION}",
    metadata,
    # On SQLite the id of the row for good, to which the index of words points.
    Column("text_id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("report_id", Uuid, nullable=False),
    Column("section", String(60), nullable=False),
    Column("number", Integer, nullable=False),
    Column("place", SmallInteger, nullable=False),
    Column("text", Text, nullable=False),
    Column("words", Words, nullable=False),
)
sections = Table(
    f"report_search_section_v{VERSION}",
    metadata,
    Column("report_id", Uuid, primary_key=True),
    Column("section", String(60), primary_key=True),
    Column("texts", Integer, nullable=False),
    Column("columns", CanonicalJson, nullable=False),
)
BELOW_HEADINGS: Final = sql("place <= 1")
# Not of all texts: SQLite would walk through it to group what it finds by report.
Index(f"{texts.name}_report", texts.c.report_id, sqlite_where=BELOW_HEADINGS, postgresql_where=BELOW_HEADINGS)

_NUMBER, _TITLE, _FIELDS = range(3)
_BESIDES: Final = ("document_reference", "document_title")


@singledispatch
def project(event: Root.Event, meta: Happened, rows: Rows) -> None:
    """What changes no text is passed over."""


@project.register
def _(event: Report.Created, meta: Happened, rows: Rows) -> None:
    fields = {name: value for name, value in event.header.items() if name not in _BESIDES}
    for number, place, text in (
        (_NUMBER, IN_NUMBER, event.document_number),
        (_TITLE, IN_TITLE, event.title),
        (_FIELDS, IN_HEADER, fields_text(fields)),
    ):
        rows.insert(texts, **_text(meta.stream, HEADER, number, text, place))


@project.register
def _(event: Report.HeaderChanged, meta: Happened, rows: Rows) -> None:
    changed = {name: change.new for name, change in event.changes.items()}
    if "document_title" in changed:
        rows.upsert(texts, **_text(meta.stream, HEADER, _TITLE, changed["document_title"], IN_TITLE))
    if others := {name: new for name, new in changed.items() if name not in _BESIDES}:
        held = rows.existing(texts, text_id=text_id(meta.stream, HEADER, _FIELDS))
        said = {name: " ".join(cells) for name, cells in lines_of(held["text"])}
        text = fields_text(said | others)
        rows.upsert(texts, **_text(meta.stream, HEADER, _FIELDS, text, IN_HEADER))


@project.register(Report.SectionSaved)
@project.register(Report.RowsImported)
def _(event: Report.SectionSaved | Report.RowsImported, meta: Happened, rows: Rows) -> None:
    found = texts_of(_content(event, meta))
    key = {"report_id": meta.stream, "section": event.section}
    before = rows.get(sections, **key)
    for number, text in enumerate(found.texts):
        rows.upsert(texts, **_text(meta.stream, event.section, number, text, IN_SECTION))
    for number in range(len(found.texts), before["texts"] if before else 0):
        rows.delete(texts, text_id=text_id(meta.stream, event.section, number))
    rows.upsert(sections, **key, texts=len(found.texts), columns=list(found.columns))


@project.register
def _(event: Report.TestResultRecorded, meta: Happened, rows: Rows) -> None:
    saved = rows.get(sections, report_id=meta.stream, section=event.section)
    if saved is None or not saved["texts"]:
        return
    number = text_of_row(event.row_id, saved["texts"])
    held = rows.existing(texts, text_id=text_id(meta.stream, event.section, number))
    entry = ResultEntry(event.result, event.comment, event.verified_by, event.measured, event.unit)
    text = with_row_changed(held["text"], event.row_id, saved["columns"], entry.cells)
    rows.upsert(texts, **_text(meta.stream, event.section, number, text, IN_SECTION))


@project.register
def _(event: Report.Disposed, meta: Happened, rows: Rows) -> None:
    rows.delete(texts, report_id=meta.stream, place=IN_SECTION)
    rows.delete(sections, report_id=meta.stream)


def text_id(report: UUID, section: str, number: int) -> int:
    """The key of a text: 63 bits of a digest, since an index of SQLite only points to numbers."""
    digest = sha256(report.bytes + f"{section}:{number}".encode()).digest()
    return int.from_bytes(digest[:8]) >> 1


def _text(report: UUID, section: str, number: int, text: str, place: int) -> dict[str, Any]:
    return {
        "text_id": text_id(report, section, number),
        "report_id": report,
        "section": section,
        "number": number,
        "place": place,
        "text": text,
        "words": text,
    }


def _content(event: Report.SectionSaved | Report.RowsImported, meta: Happened) -> Any:
    if event.content_ref is None:
        return event.content or {}  # of a report that was disposed of there is nothing to be found
    return msgspec.json.decode(meta.contents(event.content_ref))
