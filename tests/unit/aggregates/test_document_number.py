"""A number is one line that can be printed, and the same number however it is written."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest

from countersign.aggregates.document_number import (
    MAX_LENGTH,
    DocumentNumber,
    InvalidNumber,
    checked_number,
    document_number_id,
    number_for,
)

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
REPORT = UUID("5f0c2a91-0000-4000-8000-000000000000")


def test_a_reservation_says_for_which_report() -> None:
    reserved = DocumentNumber.reserve(NOW, "KAL-1", REPORT)
    assert (reserved.id, reserved.number, reserved.report_id) == (
        document_number_id("KAL-1"),
        "KAL-1",
        REPORT,
    )


@pytest.mark.parametrize("same", ["kal-1 a", " KAL-1  A ", "ＫＡＬ-1 a"])
def test_letters_and_spaces_do_not_make_another_number(same: str) -> None:
    assert document_number_id(same) == document_number_id("KAL-1 A")


def test_other_numbers_are_other_numbers() -> None:
    assert document_number_id("KAL-1") != document_number_id("KAL-2")


def test_a_number_loses_the_spaces_around_it() -> None:
    assert checked_number("  ΔΕΥΑ-1 ") == "ΔΕΥΑ-1"


@pytest.mark.parametrize(
    "number", ["", "   ", "x" * (MAX_LENGTH + 1), "a\nb", "a\tb", "a\x00b", "\ud800", "a\u2028b", "\ufffe"]
)
def test_what_no_document_can_print_on_one_line_is_no_number(number: str) -> None:
    with pytest.raises(InvalidNumber) as refusal:
        checked_number(number)
    assert [pointer for pointer, _ in refusal.value.pointers] == ["/document_number"]


@pytest.mark.parametrize("unseen", ["\u200b", "\u200e", "\u202e", "\u2060", "\ufeff", "\u00ad"])
def test_a_number_has_nothing_in_it_that_nobody_sees(unseen: str) -> None:
    for number in (unseen, f"KAL{unseen}-1"):
        with pytest.raises(InvalidNumber):
            checked_number(number)


def test_a_report_without_a_number_is_given_one() -> None:
    assert number_for("SAT", NOW, REPORT) == "SAT-2026-5F0C2A91"
