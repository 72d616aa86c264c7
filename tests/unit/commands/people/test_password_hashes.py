"""Passwords: which are good, and what is kept of them."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from threading import Event
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countersign.aggregates.root import Erased
from countersign.commands.password_hashes import PasswordHashes, PasswordsBusy
from countersign.commands.password_rules import PasswordRules, WeakPassword

GOOD = "correct horse battery"
LONG_ONES = [GOOD, "zwölf Zeichen", "密码与钥匙一二三四五六七八", "so " * 340 + "long", "an apple a day"]
QUICK = PasswordHashes(memory_kib=8, passes=1)


@pytest.mark.parametrize("password", LONG_ONES)
def test_a_long_password_that_tells_nothing_is_good(password: str) -> None:
    PasswordRules().require_strong(password, "Anna Berg", "a.berg@example.com")


@pytest.mark.parametrize(
    ("password", "reasons"),
    [
        ("", 1),
        ("zq8 kv1 mw3", 1),
        ("x" * 11, 1),
        ("x" * 1025, 1),
        ("so " * 340 + "long!", 1),
        ("xxxxxxxxxBERGxx", 2),
        ("i am anna, hello", 1),
        ("ａｎｎａ is my name", 1),
        ("anna", 2),
        ("the plant-7 account", 1),
    ],
)
def test_a_bad_password_is_refused_with_every_reason(password: str, reasons: int) -> None:
    with pytest.raises(WeakPassword) as refusal:
        PasswordRules().require_strong(password, "Anna Berg", "a.berg+plant-7@example.com", "/new_password")

    assert len(refusal.value.pointers) == reasons
    assert {pointer for pointer, _ in refusal.value.pointers} == {"/new_password"}


@pytest.mark.parametrize(
    "password", ["we make acmetron here", "ACMETRON forever 7", "a c m e t r o n 12", "north-works-north"]
)
def test_a_name_of_the_company_or_its_products_is_in_no_password(password: str) -> None:
    rules = PasswordRules(forbidden_words=("Acmetron", "North Works"))

    with pytest.raises(WeakPassword) as refusal:
        rules.require_strong(password, "Anna Berg", "a.berg@example.com")

    assert [reason for _, reason in refusal.value.pointers] == [
        "a password does not contain a name of this company or of what it makes"
    ]
    PasswordRules().require_strong(password, "Anna Berg", "a.berg@example.com")


def test_what_only_resembles_a_forbidden_name_is_good() -> None:
    rules = PasswordRules(forbidden_words=("Acmetron", "North Works"))

    rules.require_strong("acme thrones in the north", "Anna Berg", "a.berg@example.com")


def test_a_short_name_does_not_forbid_half_the_dictionary() -> None:
    PasswordRules().require_strong("live on a lively isle", "Li Ye", "li@example.com")


def test_the_kept_hash_is_argon2id_with_a_salt_of_its_own() -> None:
    first, second = QUICK.make(GOOD), QUICK.make(GOOD)

    assert first.startswith("$argon2id$v=19$")
    assert first != second
    assert QUICK.verify(first, GOOD)


@pytest.mark.parametrize("wrong", ["", "Correct horse battery", GOOD + " ", "x" * 5000, "\ud800" * 12])
def test_another_password_is_not_it(wrong: str) -> None:
    assert not QUICK.verify(QUICK.make(GOOD), wrong)


def test_what_keyboards_spell_differently_is_one_password() -> None:
    assert QUICK.verify(QUICK.make("caf\u00e9 caf\u00e9 caf\u00e9"), "cafe\u0301 cafe\u0301 cafe\u0301")


@pytest.mark.parametrize("kept", [None, Erased(UUID(int=1)), "", "not a hash", "$argon2id$v=19$m=8"])
def test_without_a_usable_hash_nothing_is_the_password(kept: str | Erased | None) -> None:
    assert not QUICK.verify(kept, GOOD)


def test_an_unknown_person_takes_as_long_as_a_wrong_password() -> None:
    hashes = PasswordHashes()
    kept = hashes.make(GOOD)

    def seconds(which: str | None) -> float:
        began = time.process_time()  # not the clock on the wall: others use the machine too
        assert not hashes.verify(which, "wrong horse battery")
        return time.process_time() - began

    unknown, wrong = (median(seconds(which) for _ in range(7)) for which in (None, kept))
    assert 0.5 < unknown / wrong < 2


def test_who_waits_too_long_for_a_turn_is_told_to_come_back() -> None:
    hashes = PasswordHashes(memory_kib=8, passes=1, at_once=1, wait_s=0.01)
    inside, leave = Event(), Event()

    def occupy() -> None:
        with hashes._turn():
            inside.set()
            leave.wait(10)

    with ThreadPoolExecutor(1) as pool:
        occupied = pool.submit(occupy)
        assert inside.wait(10)
        try:
            with pytest.raises(PasswordsBusy) as refusal:
                hashes.verify(None, GOOD)
        finally:
            leave.set()
        occupied.result(10)

    assert refusal.value.status == 503
    assert not hashes.verify(None, GOOD)


@settings(deadline=None, max_examples=30)
@given(st.text(max_size=40), st.text(max_size=40))
def test_any_text_can_be_a_password_and_only_itself_opens(password: str, other: str) -> None:
    kept = QUICK.make(password)
    assert QUICK.verify(kept, password)
    if other.isascii() and password.isascii() and other != password:
        assert not QUICK.verify(kept, other)
