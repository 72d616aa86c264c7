"""What may be put into a section, as JSON Schema (draft 2020-12)."""

from __future__ import annotations

from typing import Any, Final

from countersign.aggregates.type_definition import Column, ColumnType, Section, SectionKind, TypeDefinition

_FORMATS: Final[dict[ColumnType, dict[str, Any]]] = {
    ColumnType.TEXT: {"pattern": "^[^\\n]*$"},
    ColumnType.MULTILINE: {},
    ColumnType.DATE: {"pattern": "^([0-9]{4}-[0-9]{2}-[0-9]{2})?$"},
    ColumnType.IP: {"description": "An IPv4 or IPv6 address, or blank."},
}


def content_schema(section: Section, definition: TypeDefinition) -> dict[str, Any]:
    """The schema of a section's content; blanks are allowed until the revision is submitted."""
    fields = {column.key: _cell(column, definition) for column in section.columns}
    if section.kind is not SectionKind.ROWS:
        return _object(fields)
    row_id = {
        "type": "string",
        "pattern": "^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$",
        "title": "Stable id of the row",
    }
    return {"type": "array", "maxItems": definition.max_rows, "items": _object({"id": row_id, **fields})}


def _object(fields: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": fields, "additionalProperties": False}


def _cell(column: Column, definition: TypeDefinition) -> dict[str, Any]:
    cell: dict[str, Any] = {"type": "string", "title": column.title}
    if column.max_length is not None:
        cell["maxLength"] = column.max_length
    if column.type is ColumnType.RESULT:
        return cell | {"enum": ["", *definition.results]}
    return cell | _FORMATS[column.type]
