"""Writes the report as a Word document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from math import floor
from typing import Final

from docx import Document
from docx.document import Document as DocumentObject
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Pt

from countersign.workers.operations.chart import add_chart
from countersign.workers.operations.findings import Findings
from countersign.workers.rendering.package import write_package

_MOMENT: Final = "%Y-%m-%d %H:%M"
_A4: Final = (Cm(21), Cm(29.7))
_MARGIN: Final = Cm(2.5)
_NUMBER: Final = re.compile(r"[\d.]+(%| s)?")
_INCIDENTS: Final = {
    "Component": 2.6,
    "Severity": 1.7,
    "Status": 1.9,
    "Since": 2.7,
    "Until": 2.7,
    "Reading": 4.4,
}
_AVAILABILITY: Final = {"Component": 9.0, "Well": 3.5, "Times looked at": 3.5}
_WORK: Final = {"Queue": 5.0, "Outcome": 4.0, "Count": 3.5, "Mean time": 3.5}


def operations_document(found: Findings) -> bytes:
    """The document; equal findings give equal bytes."""
    document = _sheet()
    span = found.span
    document.core_properties.title = f"Operations report, {span.period}"
    document.core_properties.author = "Countersign"
    document.core_properties.created = document.core_properties.modified = span.ends
    document.add_heading(f"Operations report, {span.period}", 0)
    document.add_paragraph(f"From {span.begins:{_MOMENT}} to {span.ends:{_MOMENT}} UTC.")
    document.add_paragraph(_in_short(found))
    _incidents(document, found)
    _availability(document, found)
    _work(document, found)
    _charts(document, found)
    return write_package(document.part.package, {})


def _sheet() -> DocumentObject:
    document = Document()
    (section,) = document.sections
    section.page_width, section.page_height = _A4
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = _MARGIN
    font = document.styles["Normal"].font
    font.name, font.size = "Arial", Pt(9.5)
    return document


def _in_short(found: Findings) -> str:
    critical = sum(each.severity == "critical" for each in found.incidents)
    open_still = sum(each.status != "resolved" for each in found.incidents)
    worst = min(found.availability, key=lambda each: each.part, default=None)
    least = f" Least available: {worst.component} ({_share(worst.part)})." if worst and worst.part < 1 else ""
    return (
        f"Figures were kept in {found.hours_kept} of {found.hours} hours. "
        f"Incidents: {len(found.incidents)} ({critical} critical, {open_still} not over). "
        f"Work: {_counted(found, 'done')} done, {_counted(found, 'dead')} given up; "
        f"attempts that had to be repeated: {_counted(found, 'retried')}.{least}"
    )


def _share(part: float) -> str:
    return f"{floor(part * 10_000) / 100:.2f}%"  # what was not well all the time is never rounded up to that


def _counted(found: Findings, outcome: str) -> int:
    return sum(each.count for each in found.done if each.outcome == outcome)


def _incidents(document: DocumentObject, found: Findings) -> None:
    document.add_heading("Incidents", 1)
    rows = [
        (
            each.component,
            each.severity,
            each.status,
            f"{each.since:{_MOMENT}}",
            f"{each.resolved_at:{_MOMENT}}" if each.resolved_at else "",
            each.reading,
        )
        for each in found.incidents
    ]
    _table(document, _INCIDENTS, rows)


def _availability(document: DocumentObject, found: Findings) -> None:
    document.add_heading("Availability", 1)
    rows = [(each.component, _share(each.part), str(each.looks)) for each in found.availability]
    _table(document, _AVAILABILITY, rows)


def _work(document: DocumentObject, found: Findings) -> None:
    document.add_heading("Work", 1)
    rows = [(each.queue, each.outcome, str(each.count), f"{each.mean_s:.3f} s") for each in found.done]
    _table(document, _WORK, rows)


def _charts(document: DocumentObject, found: Findings) -> None:
    document.add_heading("Figures", 1)
    if not found.drawn:
        document.add_paragraph("No samples were kept of this time.")
    for number, drawn in enumerate(found.drawn, 1):
        add_chart(document, number, drawn.title, drawn.times, drawn.lines)


def _table(document: DocumentObject, widths_cm: Mapping[str, float], rows: Iterable[Sequence[str]]) -> None:
    found = [tuple(widths_cm), *rows]
    if len(found) == 1:
        document.add_paragraph("None.")
        return
    table = document.add_table(rows=0, cols=len(widths_cm), style="Light Grid Accent 1")
    table.autofit = False
    for column, width_cm in zip(table.columns, widths_cm.values(), strict=True):
        column.width = Cm(width_cm)
    for row in found:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = "".join(char for char in text if char.isprintable())
            if _NUMBER.fullmatch(text):
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
