"""CSV that a spreadsheet does not take for a program."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import UTC, datetime
from io import StringIO
from typing import Any
from uuid import UUID

import pytest
from falcon import Request, Response
from falcon.testing import create_environ
from hypothesis import given
from hypothesis import strategies as st

from countersign.http.comma_separated import AlsoCsv, TableFormat, send_csv, wants_csv
from countersign.projections.spreadsheet_cells import cell

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30)


def sent(*rows: Sequence[object], bom: bool = False) -> bytes:
    resp = Response()
    send_csv(resp, "table.csv", ("a", "b"), rows, bom=bom)
    stream: Any = resp.stream
    content = bytes(stream.read())
    stream.close()
    assert resp.content_type == "text/csv; charset=utf-8; header=present"
    assert resp.get_header("Content-Disposition") == 'attachment; filename="table.csv"'
    assert resp.get_header("Content-Length") == str(len(content))
    return content


@pytest.mark.parametrize(
    "text",
    [
        "=cmd|' /C calc'!A0",
        "+SUM(A1)",
        "-2+3+cmd|' /C calc'!A0",
        "@SUM(1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "  =1",
        "\u00a0=1",
        "＝1+1",
        "=",
        "-",
        "-1e5",
    ],
)
def test_what_could_be_a_formula_is_a_text(text: str) -> None:
    assert cell(text) == f"'{text}"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, ""),
        (-5, "-5"),
        (-0.5, "-0.5"),
        ("-12.5", "-12.5"),
        ("4-20 mA", "4-20 mA"),
        ("a=b", "a=b"),
        ({"pump": [1, "é"]}, '{"pump": [1, "é"]}'),
        (True, "true"),
        (False, "false"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (datetime(2026, 3, 1, tzinfo=UTC), "2026-03-01T00:00:00+00:00"),
    ],
)
def test_everything_else_is_as_it_is(value: object, expected: str) -> None:
    assert cell(value) == expected


def test_lines_end_and_cells_are_quoted_as_rfc_4180_says() -> None:
    assert sent(['say "no"', "a,b"], ["two\r\nlines", None]) == (
        b'a,b\r\n"say ""no""","a,b"\r\n"two\r\nlines",\r\n'
    )
    assert sent(["é", 1], bom=True) == b"\xef\xbb\xbfa,b\r\n\xc3\xa9,1\r\n"


@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=5))
def test_every_text_comes_back_and_none_begins_a_formula(rows: list[tuple[str, str]]) -> None:
    read = list(csv.reader(StringIO(sent(*map(list, rows)).decode(), newline="")))[1:]

    assert [[each.removeprefix("'") for each in row] for row in read] == [
        [each.removeprefix("'") for each in row] for row in rows
    ]
    assert not [each for row in read for each in row if each[:1] in {"=", "+", "@", "\t", "\r"}]


def test_a_table_that_cannot_be_finished_is_not_sent() -> None:
    resp = Response()
    with pytest.raises(ZeroDivisionError):
        send_csv(resp, "table.csv", ("a",), ([1 // number] for number in (1, 0)), bom=False)

    assert (resp.stream, resp.get_header("Content-Disposition")) == (None, None)


@pytest.mark.parametrize(
    ("accept", "asked", "expected"),
    [
        ("text/csv", None, True),
        ("text/csv, */*;q=0.1", None, True),
        ("application/json", None, False),
        ("*/*", None, False),
        ("text/html,*/*", None, False),
        ("text/csv;q=0.5, application/json", None, False),
        ("nonsense", None, False),
        ("application/json", TableFormat.CSV, True),
        ("text/csv", TableFormat.JSON, False),
    ],
)
def test_the_address_says_the_format_or_else_the_header(
    accept: str, asked: TableFormat | None, *, expected: bool
) -> None:
    req, resp = Request(create_environ(headers={"Accept": accept})), Response()

    assert wants_csv(req, resp, AlsoCsv(format=asked)) is expected
    assert resp.get_header("Vary") == "Accept"
