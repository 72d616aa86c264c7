"""Passwords that are guessed first are not taken; what merely looks simple is."""

from __future__ import annotations

import pytest

from countersign.commands.common_passwords import common_words, is_common
from countersign.commands.password_rules import MIN_CHARACTERS, PasswordRules, WeakPassword


@pytest.mark.parametrize(
    "password",
    [
        "1q2w3e4r5t6y",
        "1Q2W3E4R5T6Y",
        "correct horse battery staple",
        "CorrectHorseBatteryStaple",
        "password2024!",
        "P@ssw0rd2024",
        "!!Football!!!!",
        "ｐａｓｓｗｏｒｄ１２３４",
        "Countersign2026",
        "passwordpassword",
        "abcabcabcabc",
        "x" * 1024,
        "123456789012",
        "210987654321",
        "qwertyuiop123",
        "zxcvbnmasdfghjkl",
    ],
)
def test_what_everybody_tries_first_is_known(password: str) -> None:
    assert is_common(password)


def test_three_thousand_that_are_long_enough_are_on_the_list() -> None:
    assert sum(len(word) >= MIN_CHARACTERS for word in common_words()) >= 3000


@pytest.mark.parametrize(
    "password", ["qazwsxedcrfv", "silversurfer", "finalfantasy", "george" * 2, "gearsofwar2012"]
)
def test_what_lists_of_leaked_passwords_have_often_is_refused(password: str) -> None:
    with pytest.raises(WeakPassword, match="another"):
        PasswordRules().require_strong(password.title(), "Anna Berg", "a.berg@example.com")


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "an apple a day",
        "zwölf Zeichen",
        "live on a lively isle",
        "qPz81-Lm0xWk",
        "123456abz901x",
        "8261947-dragon-55201-83",
        "密码与钥匙一二三四五六七八",
    ],
)
def test_what_is_not_guessed_first_is_taken(password: str) -> None:
    assert not is_common(password)


def test_the_list_is_compact_and_in_the_spelling_that_is_looked_up() -> None:
    words = common_words()
    assert 5000 < len(words) < 8000
    assert all(word == word.casefold().strip() and word for word in words)
