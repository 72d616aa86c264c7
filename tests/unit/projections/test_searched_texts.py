"""Sections as texts, and the lines that are shown of them."""

from __future__ import annotations

from countersign.projections.search.searched_excerpt import excerpt, spans
from countersign.projections.search.searched_texts import lines_of, text_of_row, texts_of, with_row_changed
from countersign.projections.search.searched_words import terms_of

ROWS = [
    {"id": "r1", "tag": "AI_1", "result": "", "comment": "first\nsecond"},
    {"id": "r2", "tag": "AI_2", "result": "pass", "comment": ""},
]


def shown(text: str, sought: str) -> tuple[str, str, list[str]] | None:
    found = excerpt(text, terms_of(sought))
    if found is None:
        return None
    return found.line, found.text, [found.text[at : at + size] for at, size in found.highlights]


def test_rows_are_lines_of_their_cells() -> None:
    texts = texts_of(ROWS)
    assert texts.columns == ("tag", "result", "comment")
    assert [list(lines_of(text)) for text in texts.texts] == [
        [("r1", ["AI_1", "", "first second"]), ("r2", ["AI_2", "pass", ""])]
    ]


def test_a_section_without_rows_has_no_text() -> None:
    assert texts_of([]).texts == texts_of({"text": ""}).texts == ()


def test_many_rows_are_spread_and_each_is_found_where_it_must_be() -> None:
    rows = [{"id": f"r{number}", "tag": f"tag {number} " * 10} for number in range(2_000)]
    texts = texts_of(rows).texts
    assert len(texts) > 5
    assert max(map(len, texts)) < 30_000
    for row in rows:
        assert f"{row['id']}\x1f" in texts[text_of_row(row["id"], len(texts))]


def test_a_long_field_becomes_several_texts() -> None:
    texts = texts_of({"text": "word " * 10_000}).texts
    assert 3 < len(texts) < 10
    assert " ".join(" ".join(cells) for text in texts for _, cells in lines_of(text)).count("word") == 10_000


def test_the_cells_of_one_row_change_where_it_has_such_columns() -> None:
    (text,) = texts_of(ROWS).texts
    changed = with_row_changed(text, "r2", ["tag", "result", "comment"], {"result": "fail", "measured": "3"})
    first, second = lines_of(changed)
    assert (first, second) == (next(lines_of(text)), ("r2", ["AI_2", "fail", ""]))


def test_the_line_with_most_of_the_words_is_shown() -> None:
    (text,) = texts_of(ROWS).texts
    assert shown(text, "ai pass") == ("r2", "AI_2 · pass", ["AI", "pass"])
    assert shown(text, "second") == ("r1", "AI_1 · first second", ["second"])
    assert shown(text, "nowhere") is None


def test_a_long_line_is_cut_around_what_was_found() -> None:
    (text,) = texts_of({"text": f"{'before ' * 50}Éclair {'after ' * 50}"}).texts
    found = shown(text, "eclair")
    assert found is not None
    line, said, highlights = found
    assert (line, highlights, len(said)) == ("text", ["Éclair"], 202)
    assert said.startswith("…")
    assert said.endswith("…")


def test_places_are_those_of_the_text_as_it_was_written() -> None:
    text = "Straße: ﬁlter AI.1.3 ai_1_4"
    places = [text[at : at + size] for at, size in spans(text, terms_of("strasse filter AI_1_3"))]
    assert places == ["Straße", "ﬁlter", "AI.1.3"]


def test_places_do_not_overlap() -> None:
    assert spans("pumping", terms_of("pump umping")) == ((0, 4),)


def test_rows_need_not_have_the_same_columns() -> None:
    texts = texts_of([{"id": "1", "tag": "A"}, {"id": "2", "comment": "late"}])

    assert texts.columns == ("tag", "comment")
    assert sorted(lines_of(texts.texts[0])) == [("1", ["A", ""]), ("2", ["", "late"])]
