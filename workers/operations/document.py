"""Writes the report as a Word document."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from docx import Document
from docx.document import Document as DocumentObject

from countersign.projections.health.trends import Trend
from countersign.workers.operations.chart import Line, add_chart
from countersign.workers.operations.findings import CHARTS, Findings
from countersign.workers.rendering.package import write_package

_MOMENT: Final = "%Y-%m-%d %H:%M"
_LINES_AT_MOST: Final = 6


def operations_document(found: Findings) -> bytes:
    """The document; equal findings give equal bytes."""
    document = Document()
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


def _in_short(found: Findings) -> str:
    critical = sum(each.severity == "critical" for each in found.incidents)
    open_still = sum(each.status != "resolved" for each in found.incidents)
    given_up = sum(each.count for each in found.done if each.outcome == "dead")
    worst = min(found.availability, key=lambda each: each.part, default=None)
    least = f" The least available component was {worst.component} ({worst.part:.2%})." if worst else ""
    return (
        f"{len(found.incidents)} incidents, {critical} of them critical, {open_still} not over. "
        f"{sum(each.count for each in found.done)} pieces of work came out, {given_up} were given up.{least}"
    )


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
    _table(document, ("Component", "Severity", "Status", "Since", "Until", "Reading"), rows)


def _availability(document: DocumentObject, found: Findings) -> None:
    document.add_heading("Availability", 1)
    rows = [(each.component, f"{each.part:.2%}") for each in found.availability]
    _table(document, ("Component", "Well"), rows)


def _work(document: DocumentObject, found: Findings) -> None:
    document.add_heading("Work", 1)
    rows = [(each.queue, each.outcome, str(each.count), f"{each.mean_s:.3f} s") for each in found.done]
    _table(document, ("Queue", "Outcome", "Count", "Mean time"), rows)


def _charts(document: DocumentObject, found: Findings) -> None:
    document.add_heading("Figures", 1)
    drawn = [(title, found.drawn[name]) for name, title in CHARTS.items() if found.drawn[name]]
    if not drawn:
        document.add_paragraph("No samples were kept of this time.")
    for number, (title, lines) in enumerate(drawn, 1):
        times = sorted({point.at for line in lines for point in line.points})
        most_first = sorted(lines, key=lambda each: -max(point.most for point in each.points))
        add_chart(
            document,
            number,
            title,
            [f"{at:%m-%d %H:%M}" for at in times],
            [_line(each, times) for each in most_first[:_LINES_AT_MOST]],
        )


def _line(trend: Trend, times: Sequence[object]) -> Line:
    values = {point.at: point.most for point in trend.points}
    return Line(trend.label.partition("=")[2] or "all", [values.get(at) for at in times])  # type: ignore[call-overload]


def _table(document: DocumentObject, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    found = list(rows)
    if not found:
        document.add_paragraph("None.")
        return
    table = document.add_table(rows=1, cols=len(columns), style="Light Grid Accent 1")
    for cell, text in zip(table.rows[0].cells, columns, strict=True):
        cell.text = text
    for row in found:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = "".join(char for char in text if char.isprintable())
