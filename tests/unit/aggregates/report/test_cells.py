"""What a cell may hold: anything a document can print, in the form that its column asks for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countersign.aggregates.report.cells import LONGEST, flaw_of_cell, flaw_of_text
from countersign.aggregates.type_definition import Column, ColumnType

RESULTS = ("pass", "fail", "na", "not_tested")


def flaw(value: object, kind: ColumnType, max_length: int | None = None) -> str | None:
    return flaw_of_cell(value, Column(key="c", title="C", type=kind, max_length=max_length), RESULTS)


@pytest.mark.parametrize("value", ["", "a < b & c > d", "tab\there", "Проверено ✓ 検査済み 😀", "a" * 10])
def test_printable_text_is_taken_as_it_is(value: str) -> None:
    assert flaw(value, ColumnType.TEXT, 40) is None


@pytest.mark.parametrize("value", ["\x00", "a\x07b", "\x1b[0m", "\x7f", "\x85", "\r\n", "\ud800", "\ufffe"])
def test_what_word_cannot_carry_is_refused(value: str) -> None:
    assert flaw(value, ColumnType.MULTILINE) == "holds control characters or broken Unicode"


def test_line_breaks_are_for_columns_of_many_lines() -> None:
    assert flaw("one\ntwo", ColumnType.MULTILINE) is None
    assert flaw("one\ntwo", ColumnType.TEXT) == "must be one line"


@pytest.mark.parametrize("value", [None, 3, 1.5, True, ["a"], {"a": "b"}])
def test_only_text_is_text(value: object) -> None:
    assert flaw(value, ColumnType.TEXT) == "must be text"


def test_a_column_sets_the_length_of_its_cells() -> None:
    assert flaw("a" * 41, ColumnType.TEXT, 40) == "longer than 40 characters"


def test_a_column_without_a_limit_has_the_common_one() -> None:
    assert flaw("a" * LONGEST, ColumnType.MULTILINE) is None
    assert flaw("a" * (LONGEST + 1), ColumnType.MULTILINE) == f"longer than {LONGEST} characters"


@pytest.mark.parametrize("value", ["2026-02-28", "2024-02-29", ""])
def test_a_day_of_the_calendar_is_a_date(value: str) -> None:
    assert flaw(value, ColumnType.DATE) is None


@pytest.mark.parametrize("value", ["2026-02-29", "20260228", "28.02.2026", "2026-2-8", "2026-W09-1", "soon"])
def test_anything_else_is_no_date(value: str) -> None:
    assert flaw(value, ColumnType.DATE) == "must be a date, YYYY-MM-DD"


@pytest.mark.parametrize("value", ["10.0.0.1", "fe80::1", "255.255.255.255", ""])
def test_addresses_of_both_families_are_taken(value: str) -> None:
    assert flaw(value, ColumnType.IP) is None


@pytest.mark.parametrize("value", ["10.0.0.256", "10.0.0.1/24", "plc-1", "1"])
def test_anything_else_is_no_address(value: str) -> None:
    assert flaw(value, ColumnType.IP) == "must be an IP address"


def test_a_result_is_a_word_of_the_type() -> None:
    assert flaw("pass", ColumnType.RESULT) is None
    assert flaw("PASS", ColumnType.RESULT) == "must be one of pass, fail, na, not_tested"


@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=50)
)
def test_no_letter_of_any_script_is_refused(text: str) -> None:
    assert flaw_of_text(text) is None


@given(st.characters(categories=["Cs", "Cc"], exclude_characters="\n\t"))
def test_no_control_character_gets_through(character: str) -> None:
    assert flaw_of_text(f"a{character}b") is not None
