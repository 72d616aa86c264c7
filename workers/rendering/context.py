"""What a template sees: a report's content as plain data, complete, so that no tag meets a gap."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

BANNERS = {
    "draft": "DRAFT \N{EN DASH} NOT FOR USE",
    "review": "REVIEW COPY \N{EN DASH} NOT FOR ISSUE",
    "final": "",
}
WATERMARKS = {"draft": "DRAFT", "review": "REVIEW COPY", "final": ""}
STATUSES = {"draft": "Draft", "review": "In review", "final": "Approved"}
SHORT_DIGEST = 16
SHOWN_BEFORE_THE_CONTENTS = {"header", "version_control"}


def build_context(render_input: Mapping[str, Any]) -> dict[str, Any]:
    """The data of one document, from the canonical render input.

    Of the input these matter: `definition` (the report type), `content` (by section key), `revision`, `kind`,
    `signatures` (stage, printed_name, role, meaning, at in ISO 8601, content_digest, and perhaps image: a
    picture in base64), `content_digest` and `template_digest`. Every section of the type is in the result,
    every column of it in every row: what the report leaves out is empty.
    """
    definition, kind = render_input["definition"], render_input["kind"]
    sections = {
        section["key"]: _section(section, render_input["content"]) for section in definition["sections"]
    }
    sections["header"]["revision"] = render_input["revision"]
    return sections | {
        "kind": kind,
        "banner": BANNERS[kind],
        "watermark": WATERMARKS[kind],
        "status": STATUSES[kind],
        "report_type": {"title": definition["title"], "standards": list(definition.get("standards", ()))},
        "contents": list(_contents(definition, sections)),
        "results": _results(row for rows in sections.values() if isinstance(rows, list) for row in rows),
        "signatures": list(_signature_block(definition, render_input["signatures"])),
        "content_digest": render_input["content_digest"],
        "template_digest": render_input["template_digest"],
    }


def _section(section: Mapping[str, Any], content: Mapping[str, Any]) -> Any:
    columns = [column["key"] for column in section["columns"]]
    filled = content.get(section["key"])
    if section["kind"] == "rows":
        return [_complete(columns, row) for row in filled or ()]
    return _complete(columns, filled or {})


def _complete(columns: Sequence[str], values: Mapping[str, Any]) -> dict[str, Any]:
    return {column: values.get(column, "") for column in columns}


def _contents(definition: Mapping[str, Any], sections: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for section in definition["sections"]:
        key = section["key"]
        if key in SHOWN_BEFORE_THE_CONTENTS:
            continue
        tested = bool(section.get("mandatory_results"))
        rows = sections[key] if section["kind"] == "rows" else ()
        yield {"key": key, "title": section["title"], "tested": tested, "rows": len(rows), **_results(rows)}


def _results(rows: Any) -> dict[str, int]:
    counts = Counter(row["result"] or "not_tested" for row in rows if "result" in row)
    return {
        "passed": counts["pass"],
        "failed": counts["fail"],
        "not_applicable": counts["na"],
        "not_tested": counts["not_tested"],
        "total": counts.total(),
    }


def _signature_block(
    definition: Mapping[str, Any], signatures: Sequence[Mapping[str, Any]]
) -> Iterator[dict[str, Any]]:
    """The author and each stage of the route, signed or still open; then whoever else has signed."""
    expected = {0: "Prepared by"} | {stage["stage"]: stage["title"] for stage in definition["route"]}
    signed = {signature["stage"]: signature for signature in signatures}
    for stage in sorted(expected | signed):
        yield _signature(expected.get(stage, f"Stage {stage}"), signed.get(stage))


def _signature(title: str, signed: Mapping[str, Any] | None) -> dict[str, Any]:
    if signed is None:
        empty = dict.fromkeys(("printed_name", "role", "meaning", "at", "digest", "image"), "")
        return {"title": title, "signed": False} | empty
    return {
        "title": title,
        "signed": True,
        "printed_name": signed["printed_name"],
        "role": signed["role"].replace("_", " ").capitalize(),
        "meaning": signed["meaning"].capitalize(),
        "at": _utc(signed["at"]),
        "digest": signed["content_digest"][:SHORT_DIGEST],
        "image": signed.get("image") or "",
    }


def _utc(at: str) -> str:
    return datetime.fromisoformat(at).astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
