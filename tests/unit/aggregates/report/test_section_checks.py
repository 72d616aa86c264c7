"""A section's content is checked cell by cell, and completed so that equal contents have equal digests."""

from __future__ import annotations

import time
from typing import Any

import pytest

from countersign.aggregates.report.refusals import InvalidField, RowLimit
from countersign.aggregates.report.section_checks import checked_content
from countersign.aggregates.type_definition import TypeDefinition, UnknownSection
from tests.unit.aggregates.report.given import DEFINITION, SPELLED


def checked(key: str, given: object) -> Any:
    return checked_content(DEFINITION, DEFINITION.section(key), given).value


def refused(key: str, given: object) -> dict[str, str]:
    with pytest.raises(InvalidField) as refusal:
        checked(key, given)
    return dict(refusal.value.pointers)


def test_left_out_columns_are_blank() -> None:
    assert checked("signals", [{"id": "s1", "tag": "DI_1"}]) == [
        {"id": "s1", "tag": "DI_1", "address": "", "result": "", "verified_by": "", "comment": ""}
    ]


def test_equal_contents_have_equal_digests_however_they_are_spelled() -> None:
    section = DEFINITION.section("documents")
    first = checked_content(DEFINITION, section, [{"id": "a", "title": ""}])
    second = checked_content(DEFINITION, section, ({"id": "a"},))
    assert first.digest == second.digest


def test_rows_without_an_id_are_given_the_first_that_is_free() -> None:
    rows = checked("documents", [{"title": "a"}, {"id": "r1", "title": "b"}, {"id": None, "title": "c"}])
    assert [row["id"] for row in rows] == ["r2", "r1", "r3"]


def test_every_bad_cell_is_pointed_at() -> None:
    rows = [
        {"id": "s1", "tag": "a\x00b", "result": "maybe"},
        {"id": "s1", "tag": 3, "address": "nowhere"},
        "a row",
        {"id": "s 4", "tag": "x" * 41},
        {"id": "s5", "colour": "red"},
    ]
    assert refused("signals", rows) == {
        "/content/0/tag": "holds control characters or broken Unicode",
        "/content/0/result": "must be one of pass, fail, na, not_tested",
        "/content/1/id": "stands on two rows",
        "/content/1/tag": "must be text",
        "/content/1/address": "must be an IP address",
        "/content/2": "must be an object",
        "/content/3/id": "must be up to 64 letters, digits or any of _.:-",
        "/content/3/tag": "longer than 40 characters",
        "/content/4/colour": "unknown column",
    }


def test_a_column_whose_name_cannot_be_repeated_is_pointed_at_by_its_row() -> None:
    assert refused("signals", [{"a/b": "strange"}, {"\ud800": "stranger"}]) == {
        "/content/0": "unknown column",
        "/content/1": "unknown column",
    }


def test_the_number_of_places_is_told() -> None:
    with pytest.raises(InvalidField, match="in 1 place"):
        checked("documents", [{"title": 1}])
    with pytest.raises(InvalidField, match="in 2 places"):
        checked("documents", [{"title": 1}, {"title": 2}])


def test_a_text_is_a_mapping_with_its_text() -> None:
    assert checked("purpose", {"text": "a\nb"}) == {"text": "a\nb"}
    assert refused("purpose", "text") == {"/content": "must be an object"}
    assert refused("purpose", {"text": "a", "more": "b"}) == {"/content/more": "unknown column"}


def test_rows_are_a_list() -> None:
    assert refused("signals", {"id": "s1"}) == {"/content": "must be a list of rows"}


def test_more_rows_than_the_type_allows_are_refused() -> None:
    checked("documents", [{}] * 5)
    with pytest.raises(RowLimit):
        checked("documents", [{}] * 6)


@pytest.mark.parametrize("key", ["header", "nowhere"])
def test_the_header_and_what_is_not_there_are_no_sections(key: str) -> None:
    with pytest.raises(UnknownSection):
        checked(key, {})


def test_two_thousand_rows_are_checked_in_a_blink() -> None:
    roomy = TypeDefinition.of({**SPELLED, "max_rows": 5000})
    rows = [{"id": f"s{n}", "tag": f"DI_{n}", "result": "pass", "comment": "a\nb"} for n in range(2000)]
    began = time.process_time()
    content = checked_content(roomy, roomy.section("signals"), rows)
    assert content.row_count == 2000
    assert time.process_time() - began < 0.5
