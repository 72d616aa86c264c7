"""An import takes the lines that fit and names the others with their reasons."""

from __future__ import annotations

from typing import Any

import pytest

from countersign.aggregates.report.csv_rows import MOST_LINES, Import, Rejected, headings_of, imported
from countersign.aggregates.report.refusals import NoRowAccepted, NoRows, RowLimit, UnreadableCsv
from tests.unit.aggregates.report.given import DEFINITION

MAPPING = {"Signal": "tag", "Outcome": "result", "Remark": "comment"}


def read(
    text: str, mapping: dict[str, str] | None = None, existing: Any = (), key: str = "signals"
) -> Import:
    section = DEFINITION.section(key)
    return imported(DEFINITION, section, text, MAPPING if mapping is None else mapping, list(existing))


def row(row_id: str, tag: str, result: str = "", comment: str = "") -> dict[str, str]:
    return {"id": row_id, "tag": tag, "address": "", "result": result, "verified_by": "", "comment": comment}


def test_columns_are_taken_by_their_headings() -> None:
    found = read(
        '\ufeffRemark,Unused,Signal,Outcome\r\n"two\r\nlines, <&>",x, DI_1 ,N/A\r\nnone,,DI_2,PASS\r\n'
    )
    assert found.content.value == [
        row("r1", "DI_1", "na", "two\nlines, <&>"),
        row("r2", "DI_2", "pass", "none"),
    ]
    assert (found.accepted, found.rejected) == (2, ())


def test_imported_rows_follow_those_that_are_there() -> None:
    existing = [row("r1", "DI_0"), row("x", "DI_9")]
    found = read("Signal\nDI_1\n", {"Signal": "tag"}, existing)
    assert found.content.value == [*existing, row("r2", "DI_1")]


def test_a_line_that_does_not_fit_is_named_with_its_reasons() -> None:
    found = read(f"Signal,Outcome,Remark\nDI_1,pass,\n{'x' * 41},perhaps,\nDI_3,,\n")
    assert [each["tag"] for each in found.content.value] == ["DI_1", "DI_3"]
    reasons = "tag: longer than 40 characters; result: must be one of pass, fail, na, not_tested"
    assert found.rejected == (Rejected(3, reasons),)


def test_short_lines_leave_their_last_columns_blank() -> None:
    assert read("Signal,Outcome,Remark\nDI_1\n").content.value == [row("r1", "DI_1")]


def test_an_import_of_which_nothing_fits_is_refused_line_by_line() -> None:
    with pytest.raises(NoRowAccepted) as refusal:
        read(f"Signal\n{'x' * 41}\n", {"Signal": "tag"})
    assert refusal.value.pointers == (("/csv/2", "tag: longer than 40 characters"),)


def test_an_import_without_rows_is_refused() -> None:
    with pytest.raises(NoRowAccepted) as refusal:
        read("Signal\n", {"Signal": "tag"})
    assert refusal.value.pointers == (("/csv", "has no rows"),)


@pytest.mark.parametrize(
    "mapping", [{}, {"Signal": "colour"}, {"Signal": "tag", "Outcome": "tag"}, {"Signal": "id"}]
)
def test_a_mapping_names_each_column_of_the_section_once(mapping: dict[str, str]) -> None:
    with pytest.raises(UnreadableCsv, match="mapping"):
        read("Signal,Outcome\nDI_1,pass\n", mapping)


def test_a_heading_that_is_not_there_is_named() -> None:
    with pytest.raises(UnreadableCsv, match="no column headed Outcome, Remark"):
        read("Signal\nDI_1\n")


@pytest.mark.parametrize("text", ['Signal\n"DI_1\n', 'Signal\n"a"b\n', "", "Signal\n" + "x" * 200_000])
def test_what_is_no_csv_is_refused(text: str) -> None:
    with pytest.raises(UnreadableCsv):
        read(text, {"Signal": "tag"})


def test_more_rows_than_the_type_allows_are_refused() -> None:
    with pytest.raises(RowLimit):
        read("Signal\n" + "DI\n" * 5, {"Signal": "tag"}, [row("a", "DI_0")])


def test_a_text_section_has_no_rows_to_import() -> None:
    with pytest.raises(NoRows):
        read("Text\nhello\n", {"Text": "text"}, key="purpose")


def test_a_line_with_more_cells_than_headings_is_not_cut_short_in_silence() -> None:
    found = read("Signal,Outcome,Remark\nDI_1,pass,a, b\nDI_2,pass,b, ,\n")
    assert [each["tag"] for each in found.content.value] == ["DI_2"]
    assert found.rejected == (Rejected(2, "has more cells than there are headings"),)


def test_a_heading_that_stands_twice_is_refused_since_either_column_may_be_meant() -> None:
    with pytest.raises(UnreadableCsv, match="several columns headed Signal"):
        read("Signal,Signal,Unused,Unused\nDI_1,DI_2,x,y\n", {"Signal": "tag"})


def test_lines_that_do_not_fit_are_bounded_too() -> None:
    with pytest.raises(RowLimit, match=f"{MOST_LINES} lines at most"):
        read("Outcome\n" + "zz\n" * (MOST_LINES + 1), {"Outcome": "result"})


def test_the_line_that_cannot_be_read_is_named() -> None:
    with pytest.raises(UnreadableCsv) as refusal:
        read('Signal\nDI_1\n"DI_2\n', {"Signal": "tag"})
    assert refusal.value.pointers == (("/csv", "cannot be read, line 3: unexpected end of data"),)


def test_headings_are_the_first_line() -> None:
    assert headings_of('\ufeff"Signal, name",Outcome\r\nDI_1,pass\r\n') == ("Signal, name", "Outcome")


@pytest.mark.parametrize("text", ["", "\ufeff", "\n\n", "x" * 200_000, '"Signal'])
def test_a_text_without_headings_is_refused(text: str) -> None:
    with pytest.raises(UnreadableCsv):
        headings_of(text)
