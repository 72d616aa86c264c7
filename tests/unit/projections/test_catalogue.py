from __future__ import annotations

from pathlib import Path

import pytest

from countersign.projections import catalogue
from countersign.projections.catalogue import PROJECTIONS, UnknownProjection, projection_named
from countersign.projections.projection import view_of


def test_every_module_with_a_version_is_in_the_catalogue() -> None:
    room = Path(catalogue.__file__).parent
    with_version = {file.stem for file in room.rglob("*.py") if "\nVERSION = " in file.read_text("utf-8")}
    assert {projection.name for projection in PROJECTIONS} == with_version


def test_no_two_projections_share_a_table_or_a_name_of_an_index() -> None:
    tables = [table for projection in PROJECTIONS for table in projection.tables]
    indexes = [str(index.name) for table in tables for index in table.indexes]
    assert len({table.name for table in tables}) == len(tables)
    assert len(set(indexes)) == len(indexes)


def test_a_table_carries_the_version_of_its_projection_and_its_view_does_not() -> None:
    for projection in PROJECTIONS:
        for table in projection.tables:
            assert table.name.endswith(f"_v{projection.version}")
            assert view_of(table).name == projection.view_name(table)
            assert projection.view_name(table).startswith(projection.name)


def test_an_unknown_projection_is_answered_with_those_there_are() -> None:
    assert projection_named("people").name == "people"
    with pytest.raises(UnknownProjection, match="audit_log"):
        projection_named("audit")
