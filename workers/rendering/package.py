"""Word packages: parts read strictly, and written so that equal parts give equal bytes."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from io import BytesIO
from xml.sax.saxutils import quoteattr
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from docx.opc.package import OpcPackage
from docx.oxml.parser import parse_xml
from docx.oxml.xmlchemy import BaseOxmlElement

from countersign.workers.rendering.failures import TemplateInvalid

ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time a zip file can hold
RELATIONSHIPS = "application/vnd.openxmlformats-package.relationships+xml"
CONTENT_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
XML_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def parsed(xml: str | bytes, part: str) -> BaseOxmlElement:
    """The part's root element; docxtpl's own parser would mend broken XML and lose text in silence.

    Raises:
        TemplateInvalid: the part is not well-formed, or declares entities of its own.
    """
    try:
        root = parse_xml(xml)
    except SyntaxError as error:
        raise TemplateInvalid(f"{part} is not well-formed XML: {error.msg}") from error
    if root.getroottree().docinfo.doctype:
        raise TemplateInvalid(f"{part} has a document type declaration")
    return root


def refuse_broken_parts(content: bytes) -> None:
    """Raises:
    TemplateInvalid: the package is no zip file, or one of its XML parts is broken.
    """
    try:
        with ZipFile(BytesIO(content)) as package:
            for name in package.namelist():
                if name.endswith((".xml", ".rels")):
                    parsed(package.read(name), name)
    except (BadZipFile, zlib.error) as error:
        raise TemplateInvalid(f"not a Word document: {error}") from error


def write_package(package: OpcPackage, rendered: Mapping[str, bytes]) -> bytes:
    """The package as a zip file, its `rendered` parts in place of the template's."""
    members = dict(_members(package))
    members |= {name.lstrip("/"): content for name, content in rendered.items()}
    written = BytesIO()
    with ZipFile(written, "w") as archive:
        archive.writestr(_entry("[Content_Types].xml"), _content_types(package))
        for name in sorted(members):
            archive.writestr(_entry(name), members[name])
    return written.getvalue()


def _members(package: OpcPackage) -> Iterator[tuple[str, bytes | str]]:
    yield "_rels/.rels", package.rels.xml
    for part in package.iter_parts():
        yield part.partname.lstrip("/"), part.blob
        if len(part.rels):
            yield part.partname.rels_uri.lstrip("/"), part.rels.xml


def _content_types(package: OpcPackage) -> bytes:
    overrides = "".join(
        f"<Override PartName={quoteattr(name)} ContentType={quoteattr(kind)}/>"
        for name, kind in sorted((str(part.partname), part.content_type) for part in package.iter_parts())
    )
    defaults = (
        f'<Default Extension="rels" ContentType="{RELATIONSHIPS}"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
    )
    return f'{XML_HEAD}<Types xmlns="{CONTENT_TYPES}">{defaults}{overrides}</Types>'.encode()


def _entry(name: str) -> ZipInfo:
    entry = ZipInfo(name, ZIP_EPOCH)
    entry.compress_type = ZIP_DEFLATED
    entry.create_system = 3  # the same on every platform
    return entry
