from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from docx import Document
from docxtpl import DocxTemplate

from countersign.workers.rendering.failures import TemplateInvalid
from countersign.workers.rendering.limits import Limits
from countersign.workers.rendering.renderer import Renderer

WordFile = Callable[..., bytes]
WithPart = Callable[[bytes, str, Callable[[bytes], bytes]], bytes]
EMPTY: dict[str, object] = {"signatures": []}


def test_a_document_that_is_not_well_formed_is_refused_where_docxtpl_would_mend_it(
    renderer: Renderer, word_file: WordFile
) -> None:
    torn = word_file("before {% if shown %}", cell=("{% endif %} after",))
    lenient = DocxTemplate(BytesIO(torn))
    lenient.render({"shown": False})  # no complaint: this is the danger
    with pytest.raises(TemplateInvalid, match="not well-formed"):
        renderer.render(torn, EMPTY | {"shown": False}, Limits())


def test_a_table_cell_without_a_paragraph_is_refused_since_word_would_repair_it(
    renderer: Renderer, word_file: WordFile
) -> None:
    bare = word_file(cell=("{%p if shown %}", "text", "{%p endif %}"))
    with pytest.raises(TemplateInvalid, match="cell without a paragraph"):
        renderer.render(bare, EMPTY | {"shown": False}, Limits())
    assert renderer.render(bare, EMPTY | {"shown": True}, Limits()).docx


@pytest.mark.parametrize("control", ["\x00", "\x0b", "\x1f", "\ufffe"])
def test_what_xml_cannot_hold_is_refused_and_not_lost(
    renderer: Renderer, word_file: WordFile, control: str
) -> None:
    with pytest.raises(TemplateInvalid):
        renderer.render(word_file("{{ word }}"), EMPTY | {"word": f"a{control}b"}, Limits())


@pytest.mark.parametrize("content", [b"", b"not a zip file", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_word_file_is_refused(renderer: Renderer, content: bytes) -> None:
    with pytest.raises(TemplateInvalid, match="not a Word document"):
        renderer.render(content, EMPTY, Limits())


def test_a_part_with_entities_of_its_own_is_refused(
    renderer: Renderer, word_file: WordFile, with_part: WithPart
) -> None:
    def declare(part: bytes) -> bytes:
        head, _, rest = part.partition(b"?>")
        return head + b'?><!DOCTYPE x [<!ENTITY e "eee">]>' + rest

    with pytest.raises(TemplateInvalid, match="document type declaration"):
        renderer.render(with_part(word_file("x"), "word/styles.xml", declare), EMPTY, Limits())


def test_a_torn_part_of_the_template_is_named(
    renderer: Renderer, word_file: WordFile, with_part: WithPart
) -> None:
    torn = with_part(word_file("x"), "word/settings.xml", lambda part: part[:-20])
    with pytest.raises(TemplateInvalid, match=r"word/settings\.xml"):
        renderer.render(torn, EMPTY, Limits())


def test_a_signature_that_is_no_picture_is_refused(renderer: Renderer, word_file: WordFile) -> None:
    drawn = word_file("{% for s in signatures %}{{ s.image }}{% endfor %}")
    with pytest.raises(TemplateInvalid):
        renderer.render(drawn, {"signatures": [{"image": "bm90IGEgcGljdHVyZQ=="}]}, Limits())


def test_a_table_whose_columns_are_repeated_gets_a_grid_for_all_of_them(renderer: Renderer) -> None:
    wide = Document()
    table = wide.add_table(rows=1, cols=3)
    for cell, text in zip(
        table.rows[0].cells, ("{%tc for x in xs %}", "{{ x }}", "{%tc endfor %}"), strict=True
    ):
        cell.text = text
    written = BytesIO()
    wide.save(written)
    docx = renderer.render(written.getvalue(), EMPTY | {"xs": list("abcde")}, Limits()).docx
    (made,) = Document(BytesIO(docx)).tables
    assert [cell.text for cell in made.rows[0].cells] == list("abcde")
    assert len(made.columns) == 5
