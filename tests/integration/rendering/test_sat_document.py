from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from docx import Document
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.table import _Row

Render = Callable[[dict[str, Any]], bytes]
ContextOf = Callable[..., dict[str, Any]]
PRINTED = {"pass": "PASS", "fail": "FAIL", "na": "N/A", "not_tested": "Not tested"}
DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="


def opened(docx: bytes) -> WordDocument:
    return Document(BytesIO(docx))


def tables(document: WordDocument) -> Iterator[list[list[str]]]:
    for table in document.tables:
        yield [[cell.text for cell in row.cells] for row in table.rows]


def signed(**changed: Any) -> dict[str, Any]:
    at = "2026-03-20T09:30:00+00:00"
    return {
        "stage": 0,
        "printed_name": "Γιώργος & Ирина 王",
        "role": "engineer",
        "meaning": "authorship",
        "at": at,
        "content_digest": "0123456789abcdef" * 4,
        "image": None,
    } | changed


def test_every_row_of_the_sample_is_one_row_of_the_document(
    render: Render, context_of: ContextOf, sample: dict[str, Any], definition: dict[str, Any]
) -> None:
    printed = list(tables(opened(render(context_of(sample)))))
    for section in definition["sections"]:
        if section["kind"] != "rows":
            continue
        head = [column["title"] for column in section["columns"]]
        keys = [column["key"] for column in section["columns"]]
        expected = [
            [PRINTED.get(row[key], row[key]) if key == "result" else row[key] for key in keys]
            for row in sample[section["key"]]
        ]
        assert [head, *expected] in printed, section["key"]


def test_header_and_texts_of_the_sample_are_in_the_document(
    render: Render, context_of: ContextOf, sample: dict[str, Any]
) -> None:
    document = opened(render(context_of(sample)))
    paragraphs = [paragraph.text for paragraph in document.paragraphs]
    assert sample["purpose"]["text"] in paragraphs
    assert sample["scope"]["text"] in paragraphs
    cover = dict(next(tables(document)))
    assert set(sample["header"].values()) <= set(cover.values())


def test_page_headers_and_footers_say_which_document_and_page_it_is(
    render: Render, context_of: ContextOf, sample: dict[str, Any]
) -> None:
    document = opened(render(context_of(sample)))
    for section in document.sections:
        head = "".join(section.header._element.itertext())
        foot = "".join(section.footer._element.itertext())
        assert sample["header"]["document_title"] in head
        assert sample["header"]["document_reference"] in head
        assert "Revision R0" in head
        assert "PAGE" in foot
        assert "NUMPAGES" in foot


def test_texts_that_look_like_markup_or_tags_or_span_lines_come_through_as_they_are(
    render: Render, context_of: ContextOf, sample: dict[str, Any]
) -> None:
    hostile = "a <b> & \"c\" 'd'\nline two\n\n{{ header }} {% if %} {# no #} }} {_{ ]]> &amp; <!-- "
    hostile += "Ω ж 漢字 🙂 e\u0301 \u2028 "
    sample["scope"]["text"] = hostile
    sample["alarms"][0]["comment"] = hostile
    document = opened(render(context_of(sample)))
    assert hostile in [paragraph.text for paragraph in document.paragraphs]
    assert any(hostile in row for table in tables(document) for row in table)


def test_no_table_has_a_blank_row_or_a_tag_left(
    render: Render, context_of: ContextOf, sample: dict[str, Any]
) -> None:
    document = opened(render(context_of(sample, signatures=[signed()])))
    for table in tables(document):
        assert all(any(cell.strip() for cell in row) for row in table)
        assert not any("{%" in cell or "{{" in cell for row in table for cell in row)


def test_long_tables_repeat_their_head_and_never_split_a_row(
    render: Render, context_of: ContextOf, sample: dict[str, Any]
) -> None:
    for table in opened(render(context_of(sample))).tables:
        assert all(_has(row, "w:cantSplit") for row in table.rows)
        (look,) = table._tbl.xpath("w:tblPr/w:tblLook")
        assert _has(table.rows[0], "w:tblHeader") == (look.get(qn("w:firstRow")) == "1")


def _has(row: _Row, mark: str) -> bool:
    return bool(row._tr.xpath(f"w:trPr/{mark}"))


def test_results_are_printed_in_the_style_of_their_outcome(
    render: Render, context_of: ContextOf, sample: dict[str, Any]
) -> None:
    document = opened(render(context_of(sample)))
    styles = {
        run.text: run.style.name
        for table in document.tables
        for cell in table._cells
        for paragraph in cell.paragraphs
        for run in paragraph.runs
        if run.text in {"PASS", "FAIL"}
    }
    assert styles == {"PASS": "Result Pass", "FAIL": "Result Fail"}


def test_empty_sections_are_not_applicable_instead_of_empty_tables(
    render: Render, context_of: ContextOf, sample: dict[str, Any], definition: dict[str, Any]
) -> None:
    document = opened(render(context_of({"header": sample["header"]})))
    says = [paragraph.text for paragraph in document.paragraphs].count("Not applicable.")
    assert says == len(definition["sections"]) - 1  # all but the header
    assert all(len(table.rows) > 1 for table in document.tables)


@pytest.mark.parametrize(("kind", "banner"), [("draft", "DRAFT"), ("review", "REVIEW COPY"), ("final", None)])
def test_every_page_of_what_is_not_final_says_so(
    render: Render, context_of: ContextOf, sample: dict[str, Any], kind: str, banner: str | None
) -> None:
    with ZipFile(BytesIO(render(context_of(sample, kind=kind)))) as package:
        headers = [package.read(name).decode() for name in package.namelist() if "/header" in name]
    assert len(headers) == 3  # the cover's, the upright pages', the wide pages'
    for header in headers:
        assert ("v:textpath" in header) is (banner is not None)
        assert banner is None or f'string="{banner}"' in header


def test_signatures_show_who_signed_what_when_and_who_has_not(
    render: Render, context_of: ContextOf, sample: dict[str, Any]
) -> None:
    document = opened(render(context_of(sample, kind="review", signatures=[signed()])))
    block = next(table for table in tables(document) if table[0][0] == "Signed as")
    assert block[1] == [
        "Prepared by",
        "Γιώργος & Ирина 王\nEngineer",
        "Authorship",
        "2026-03-20 09:30:00 UTC",
        "0123456789abcdef",
    ]
    assert [row[1] for row in block[2:]] == ["Not signed", "Not signed"]


def test_a_drawn_signature_is_a_picture_in_the_package(
    render: Render, context_of: ContextOf, sample: dict[str, Any]
) -> None:
    docx = render(context_of(sample, signatures=[signed(image=DOT), signed(stage=1, image=DOT)]))
    assert len(opened(docx).inline_shapes) == 2
    with ZipFile(BytesIO(docx)) as package:
        pictures = [package.read(name) for name in package.namelist() if name.startswith("word/media/")]
    assert pictures == [base64.b64decode(DOT)]


def test_file_properties_name_the_document(
    render: Render, context_of: ContextOf, sample: dict[str, Any]
) -> None:
    sample["header"]["document_title"] = "Pumps & <valves>"
    properties = opened(render(context_of(sample))).core_properties
    assert properties.title == "Pumps & <valves>"
    assert sample["header"]["document_reference"] in properties.subject
