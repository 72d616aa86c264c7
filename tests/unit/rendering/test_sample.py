from __future__ import annotations

from collections.abc import Iterator
from typing import Any

SIGNALS = (
    "digital_inputs",
    "digital_outputs",
    "analogue_inputs",
    "analogue_outputs",
    "modbus_digital",
    "modbus_analogue",
)


def rows_of(content: dict[str, Any]) -> Iterator[dict[str, str]]:
    for filled in content.values():
        yield from filled if isinstance(filled, list) else ()


def test_the_sample_fills_every_section_and_no_other(
    definition: dict[str, Any], sample: dict[str, Any]
) -> None:
    assert set(sample) == {section["key"] for section in definition["sections"]}
    assert all(sample.values())


def test_every_cell_of_the_sample_is_a_text_in_a_column_of_its_section(
    definition: dict[str, Any], sample: dict[str, Any]
) -> None:
    for section in definition["sections"]:
        columns = {column["key"] for column in section["columns"]}
        filled = sample[section["key"]]
        for row in filled if section["kind"] == "rows" else [{"id": "", **filled}]:
            assert set(row) == columns | {"id"}
            assert all(isinstance(value, str) for value in row.values())


def test_required_cells_of_the_sample_are_filled_within_their_length(
    definition: dict[str, Any], sample: dict[str, Any]
) -> None:
    for section in definition["sections"]:
        filled = sample[section["key"]]
        for row in filled if isinstance(filled, list) else [filled]:
            for column in section["columns"]:
                value = row[column["key"]]
                assert value or not column.get("required"), (section["key"], column["key"])
                assert len(value) <= column.get("max_length", 10) or column["type"] in {"ip", "result"}


def test_the_sample_is_of_a_realistic_size(sample: dict[str, Any]) -> None:
    assert 55 <= sum(len(sample[key]) for key in SIGNALS) <= 70


def test_one_test_of_the_sample_has_failed_and_says_why(sample: dict[str, Any]) -> None:
    tested = [row for row in rows_of(sample) if "result" in row]
    failed = [row for row in tested if row["result"] == "fail"]
    assert len(failed) == 1
    assert failed[0]["comment"]
    assert failed[0]["punch_item"] in {punch["number"] for punch in sample["punch_list"]}
    assert {row["result"] for row in tested} == {"pass", "fail"}


def test_row_ids_of_the_sample_are_unique_in_their_section(sample: dict[str, Any]) -> None:
    for filled in sample.values():
        if isinstance(filled, list):
            assert len({row["id"] for row in filled}) == len(filled)


def test_the_sample_has_what_word_documents_lose_easily(sample: dict[str, Any]) -> None:
    text = str(sample)
    for lost in ("<", ">", "&", '"', "\\n", "Ω", "Δ", "И", "中"):
        assert lost in text
