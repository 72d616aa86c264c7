"""Line charts that Word draws itself: DrawingML with the values in it, sharp at any size, and no picture.

ECMA-376, part 1, section 21.2.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from docx.document import Document
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.parser import parse_xml
from docx.shared import Cm

_CHART: Final = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_MAIN: Final = "http://schemas.openxmlformats.org/drawingml/2006/main"
_RELATIONS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PLACED: Final = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
_WORD: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_COLOURS: Final = ("1F4E79", "C55A11", "548235", "7030A0", "BF9000", "808080")
_GRID: Final = (
    '<c:majorGridlines><c:spPr><a:ln w="6350"><a:solidFill><a:srgbClr val="D0D7DC"/></a:solidFill></a:ln>'
    "</c:spPr></c:majorGridlines>"
)
_LEGEND: Final = '<c:legend><c:legendPos val="b"/><c:overlay val="0"/></c:legend>'
_WIDTH, _HEIGHT = Cm(16), Cm(7)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a chart; None is a gap. Without a name it is the chart's only one."""

    name: str
    values: Sequence[float | None]


def add_chart(
    document: Document, number: int, title: str, categories: Sequence[str], lines: Sequence[Line]
) -> None:
    """Draw lines over the same categories, in a paragraph of its own; `number` is its own in the document."""
    name = PackURI(f"/word/charts/chart{number}.xml")
    xml = _chart(title, categories, lines).encode()
    part = Part(name, CONTENT_TYPE.DML_CHART, xml, document.part.package)
    relation = document.part.relate_to(part, RELATIONSHIP_TYPE.CHART)
    run = document.add_paragraph().add_run()
    run._r.append(parse_xml(_drawing(number, title, relation)))  # noqa: SLF001 - python-docx draws no charts


def _drawing(number: int, title: str, relation: str) -> str:
    return (
        f'<w:drawing xmlns:w="{_WORD}" xmlns:wp="{_PLACED}" xmlns:a="{_MAIN}" xmlns:c="{_CHART}" '
        f'xmlns:r="{_RELATIONS}"><wp:inline distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="{_WIDTH}" cy="{_HEIGHT}"/>'
        f'<wp:docPr id="{number}" name="Chart {number}" descr={quoteattr(title)}/>'
        f'<wp:cNvGraphicFramePr/><a:graphic><a:graphicData uri="{_CHART}"><c:chart r:id="{relation}"/>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing>"
    )


def _chart(title: str, categories: Sequence[str], lines: Sequence[Line]) -> str:
    series = "".join(_series(index, line, categories) for index, line in enumerate(lines))
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f'<c:chartSpace xmlns:c="{_CHART}" xmlns:a="{_MAIN}" xmlns:r="{_RELATIONS}">'
        '<c:roundedCorners val="0"/>'
        f'<c:chart>{_title(title)}<c:autoTitleDeleted val="0"/><c:plotArea><c:layout/>'
        f'<c:lineChart><c:grouping val="standard"/><c:varyColors val="0"/>{series}<c:marker val="0"/>'
        '<c:axId val="1"/><c:axId val="2"/></c:lineChart>'
        '<c:catAx><c:axId val="1"/><c:scaling><c:orientation val="minMax"/></c:scaling><c:delete val="0"/>'
        '<c:axPos val="b"/><c:numFmt formatCode="General" sourceLinked="0"/><c:majorTickMark val="out"/>'
        '<c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/><c:crossAx val="2"/></c:catAx>'
        '<c:valAx><c:axId val="2"/><c:scaling><c:orientation val="minMax"/></c:scaling><c:delete val="0"/>'
        f'<c:axPos val="l"/>{_GRID}<c:numFmt formatCode="General" sourceLinked="0"/>'
        '<c:majorTickMark val="out"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/>'
        '<c:crossAx val="1"/></c:valAx></c:plotArea>'
        f'{_LEGEND if any(line.name for line in lines) else ""}<c:plotVisOnly val="1"/>'
        '<c:dispBlanksAs val="gap"/></c:chart></c:chartSpace>'
    )


def _title(title: str) -> str:
    return (
        '<c:title><c:tx><c:rich><a:bodyPr/><a:p><a:pPr><a:defRPr sz="1100" b="1"/></a:pPr>'
        f'<a:r><a:rPr lang="en-GB" sz="1100" b="1"/><a:t>{escape(title)}</a:t></a:r></a:p></c:rich></c:tx>'
        '<c:overlay val="0"/></c:title>'
    )


def _series(index: int, line: Line, categories: Sequence[str]) -> str:
    colour = _COLOURS[index % len(_COLOURS)]
    named = "".join(
        f'<c:pt idx="{place}"><c:v>{escape(name)}</c:v></c:pt>' for place, name in enumerate(categories)
    )
    values = "".join(
        f'<c:pt idx="{place}"><c:v>{value:.6g}</c:v></c:pt>'
        for place, value in enumerate(line.values)
        if value is not None
    )
    count = f'<c:ptCount val="{len(categories)}"/>'
    return (
        f'<c:ser><c:idx val="{index}"/><c:order val="{index}"/>'
        f'<c:tx><c:strRef><c:f>name</c:f><c:strCache><c:ptCount val="1"/>'
        f'<c:pt idx="0"><c:v>{escape(line.name)}</c:v></c:pt></c:strCache></c:strRef></c:tx>'
        f'<c:spPr><a:ln w="19050"><a:solidFill><a:srgbClr val="{colour}"/></a:solidFill></a:ln></c:spPr>'
        f'<c:marker><c:symbol val="none"/></c:marker>'
        f"<c:cat><c:strRef><c:f>at</c:f><c:strCache>{count}{named}</c:strCache></c:strRef></c:cat>"
        f"<c:val><c:numRef><c:f>value</c:f><c:numCache><c:formatCode>General</c:formatCode>{count}{values}"
        '</c:numCache></c:numRef></c:val><c:smooth val="0"/></c:ser>'
    )
