"""The words of texts and of what is looked for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countersign.projections.search.searched_words import MOST_TERMS, Term, folded, terms_of, words_of


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Pump", "pump"),
        ("Gruyère ÉTÉ", "gruyere ete"),
        ("Straße", "strasse"),
        ("ΑΘΉΝΑΣ Ὀδός", "αθηνασ οδοσ"),
        ("Łódź Ødegård Ærø", "lodz odegard aero"),
        ("İstanbul ısı", "istanbul isi"),
        ("ﬁlter №5", "filter no5"),
    ],
)
def test_case_accents_and_strokes_do_not_matter(text: str, plain: str) -> None:
    assert folded(text) == plain


def test_a_tag_counts_as_a_whole_and_from_each_part_on() -> None:
    assert words_of("AI_1_3_07") == " 07 1-3-07 3-07 ai-1-3-07 "
    assert words_of("10.20.0.7, (DN50)!") == " 0-7 10-20-0-7 20-0-7 7 dn50 "
    assert words_of(" -- \n") == words_of("") == ""


def test_each_word_counts_once() -> None:
    assert words_of("pump Pump PUMP pump-pump") == " pump pump-pump "


def test_writing_without_spaces_is_found_from_each_sign_on() -> None:
    assert {"泵站调试", "站调试", "调试", "试"} == set(words_of("泵站调试").split())
    assert terms_of("调试") == (Term("调试"),)


def test_long_words_and_tags_of_many_parts_stay_short() -> None:
    assert max(map(len, words_of("x" * 5_000).split())) == 100
    words = words_of("-".join(str(number) for number in range(5_000))).split()
    assert max(word.count("-") for word in words) == 7
    assert terms_of("-".join("abcdefghijkl"))[0].word == "a-b-c-d-e-f-g-h"


def test_what_is_looked_for_is_within_words_from_three_letters_on() -> None:
    assert terms_of('"Pump" AND (DI AI_1_3*) x') == (
        Term("pump", within=True),
        Term("and", within=True),
        Term("di"),
        Term("ai-1-3"),
        Term("x", vague=True),
    )


def test_only_some_words_count_and_each_once() -> None:
    many = " ".join(f"word{number} word{number}" for number in range(50))
    assert [term.word for term in terms_of(many)] == [f"word{number}" for number in range(MOST_TERMS)]


@pytest.mark.parametrize("nothing", ["", "🚧", "***", "-- ' \" ; %", "\u200b\u202e", "_"])
def test_what_has_neither_letter_nor_digit_asks_for_nothing(nothing: str) -> None:
    assert terms_of(nothing) == ()


@given(st.text(max_size=80))
def test_every_text_is_found_by_itself(text: str) -> None:
    words = words_of(text)
    for term in terms_of(text):
        sought = term.word if term.within else f" {term.word}"
        assert sought in words, (term, words)


@given(st.text(max_size=80))
def test_no_sign_of_a_query_language_is_left(text: str) -> None:
    left = "".join(word for term in terms_of(text) for word in term.word.split("-"))
    assert left == "" or left.isalnum()
