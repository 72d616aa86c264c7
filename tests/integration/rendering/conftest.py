"""A warm renderer, the shipped template and sample, and small Word files made for one test."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from docx import Document

from countersign.workers.rendering.context import build_context
from countersign.workers.rendering.limits import Limits
from countersign.workers.rendering.renderer import Renderer

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    with Renderer() as running:
        yield running


@pytest.fixture(scope="session")
def template() -> bytes:
    return (ROOT / "workers" / "templates" / "sat.docx").read_bytes()


@pytest.fixture(scope="session")
def definition() -> dict[str, Any]:
    text = (ROOT / "aggregates" / "catalogue" / "sat.yaml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text))


@pytest.fixture
def sample() -> dict[str, Any]:
    text = (ROOT / "cli" / "sample" / "sat.yaml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text))


@pytest.fixture
def context_of(definition: dict[str, Any], template: bytes) -> Callable[..., dict[str, Any]]:
    """The context of some content, by default as a final document without signatures."""

    def build(content: dict[str, Any], **changed: Any) -> dict[str, Any]:
        given: dict[str, Any] = {
            "definition": definition,
            "content": content,
            "revision": "R0",
            "signatures": [],
            "kind": "final",
            "content_digest": sha256(b"content").hexdigest(),
            "template_digest": sha256(template).hexdigest(),
        }
        return build_context(given | changed)

    return build


@pytest.fixture
def render(renderer: Renderer, template: bytes) -> Callable[[dict[str, Any]], bytes]:
    """The shipped template filled with a context."""
    return lambda context: renderer.render(template, context, Limits()).docx


@pytest.fixture
def word_file() -> Callable[..., bytes]:
    """A Word file of some paragraphs and, optionally, one table cell of some paragraphs."""

    def write(*paragraphs: str, cell: tuple[str, ...] = ()) -> bytes:
        document = Document()
        for text in paragraphs:
            document.add_paragraph(text)
        if cell:
            only = document.add_table(rows=1, cols=1).cell(0, 0)
            only.text = cell[0]
            for text in cell[1:]:
                only.add_paragraph(text)
        written = BytesIO()
        document.save(written)
        return written.getvalue()

    return write


@pytest.fixture
def with_part() -> Callable[[bytes, str, Callable[[bytes], bytes]], bytes]:
    """The Word file with one of its parts changed."""

    def change(content: bytes, name: str, changed: Callable[[bytes], bytes]) -> bytes:
        written = BytesIO()
        with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(written, "w") as new:
            for entry in old.infolist():
                part = old.read(entry)
                new.writestr(entry, changed(part) if entry.filename == name else part)
        return written.getvalue()

    return change
