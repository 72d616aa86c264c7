"""A Word template opened and compiled by docxtpl, ready to be filled with plain data."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from io import BytesIO
from itertools import count
from typing import Any

from docx.exceptions import PythonDocxError
from docx.image.exceptions import InvalidImageStreamError, UnexpectedEndOfFileError, UnrecognizedImageError
from docx.opc.exceptions import OpcError
from docx.opc.oxml import serialize_part_xml
from docx.opc.part import Part
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import Template, TemplateError

from countersign.workers.rendering.environment import template_environment
from countersign.workers.rendering.failures import TemplateInvalid
from countersign.workers.rendering.package import parsed, refuse_broken_parts, write_package

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
FILLED_KINDS = {
    f"{WORD}.{kind}+xml" for kind in ("document.main", "header", "footer", "footnotes", "endnotes")
}
FILLED_PROPERTIES = ("title", "subject", "author", "keywords", "comments")
PROPERTY_LENGTH = 255  # Word's limit
SIGNATURE_HEIGHT = Mm(11)
CHANGES_COLUMNS = re.compile(r"{%-?\s*(?:tc|colspan|hm)\b")
XML_DECLARATION = re.compile(r"\A<\?xml[^>]*\?>\s*")
# What a tag can raise: the same template and content would raise it again.
BAD_TAG = (
    ArithmeticError,
    AttributeError,
    InvalidImageStreamError,
    LookupError,
    RecursionError,
    SyntaxError,
    TemplateError,
    TypeError,
    UnexpectedEndOfFileError,
    UnrecognizedImageError,
    ValueError,
)


@dataclass(frozen=True, slots=True)
class _FilledPart:
    part: Part
    template: Template
    changes_columns: bool


class WordTemplate:
    """One template, opened and compiled once.

    Filling adds pictures to the open document, so a process fills a template once and ends; processes
    forked after the opening share its cost.
    """

    def __init__(self, content: bytes) -> None:
        """Raises:
        TemplateInvalid: not a sound Word document, or a tag that cannot be understood.
        """
        refuse_broken_parts(content)
        self._environment = template_environment()
        self._word = DocxTemplate(BytesIO(content))
        self._picture_ids = count(1)
        try:
            self._word.render_init()
            self._package = self._word.docx.part.package
            self._parts = [
                self._compiled(part)
                for part in self._package.iter_parts()
                if part.content_type in FILLED_KINDS
            ]
        except (PythonDocxError, OpcError, KeyError, ValueError) as error:
            raise TemplateInvalid(f"not a Word document: {error}") from error
        self._properties = {name: self._property(name) for name in FILLED_PROPERTIES}

    def fill(self, context: Mapping[str, Any]) -> bytes:
        """The Word document with every tag replaced.

        Raises:
            TemplateInvalid: a tag asks for what is not there or not allowed, or what came out is not a
                sound document.
        """
        context = {
            **context,
            "signatures": [self._with_picture(signed) for signed in context.get("signatures", ())],
        }
        for name, template in self._properties.items():
            text = unescape(_text(template, context, f"property {name}"))
            setattr(self._word.docx.core_properties, name, text[:PROPERTY_LENGTH])
        return write_package(
            self._package, {filled.part.partname: self._filled(filled, context) for filled in self._parts}
        )

    def _compiled(self, part: Part) -> _FilledPart:
        xml = serialize_part_xml(parsed(part.blob, part.partname)).decode()
        source = self._word.patch_xml(XML_DECLARATION.sub("", xml))
        return _FilledPart(part, self._compile(source, part.partname), bool(CHANGES_COLUMNS.search(xml)))

    def _property(self, name: str) -> Template:
        return self._compile(getattr(self._word.docx.core_properties, name), f"property {name}")

    def _compile(self, source: str, place: str) -> Template:
        try:
            return self._environment.from_string(source)
        except BAD_TAG as error:
            raise TemplateInvalid(f"{place}: {error}") from error

    def _filled(self, filled: _FilledPart, context: Mapping[str, Any]) -> bytes:
        place = filled.part.partname
        self._word.current_rendering_part = filled.part
        xml = _text(filled.template, context, place)
        root = parsed(xml, place)
        if filled.changes_columns:
            root = parsed(serialize_part_xml(self._word.fix_tables(xml)), place)
        if root.xpath("//w:tc[not(.//w:p)]"):
            raise TemplateInvalid(f"{place}: a table cell without a paragraph")
        for picture in root.xpath("//wp:docPr"):
            picture.set("id", str(next(self._picture_ids)))
        return serialize_part_xml(root)

    def _with_picture(self, signed: Mapping[str, Any]) -> dict[str, Any]:
        if not signed.get("image"):
            return {**signed, "image": ""}
        picture = BytesIO(b64decode(signed["image"]))
        return {**signed, "image": InlineImage(self._word, picture, height=SIGNATURE_HEIGHT)}


def _text(template: Template, context: Mapping[str, Any], place: str) -> str:
    try:
        return template.render(context)
    except BAD_TAG as error:
        raise TemplateInvalid(f"{place}: {error}") from error
