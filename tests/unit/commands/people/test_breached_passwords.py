"""Passwords of a breach are found in an operator's file, and none is taken while it cannot be asked."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from countersign.commands.breached_passwords import BreachedListUnreadable, BreachedPasswords
from countersign.commands.password_rules import PasswordRules, WeakPassword

KNOWN = [f"a breached password {number}" for number in range(500)] + ["caf\u00e9 caf\u00e9 caf\u00e9"]


def digest_of(password: str) -> str:
    return hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()


def file_of(folder: Path, passwords: list[str], end: str = "\r\n") -> Path:
    lines = [f"{digest}:{number}{end}" for number, digest in enumerate(sorted(map(digest_of, passwords)))]
    file = folder / "breached.txt"
    file.write_bytes("".join(lines).encode())
    return file


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_each_of_a_file_is_found_and_no_other(tmp_path: Path, end: str) -> None:
    breached = BreachedPasswords(file_of(tmp_path, KNOWN, end))

    assert all(breached.hold(password) for password in KNOWN)
    assert not any(breached.hold(f"nobody has lost this {number}") for number in range(500))


@pytest.mark.parametrize("count", [1, 2, 3])
def test_the_first_and_the_last_line_are_found(tmp_path: Path, count: int) -> None:
    breached = BreachedPasswords(file_of(tmp_path, KNOWN[:count]))

    assert all(breached.hold(password) for password in KNOWN[:count])
    assert not any(breached.hold(password) for password in KNOWN[count:])


def test_digests_may_stand_alone_in_small_letters_and_without_a_last_line_break(tmp_path: Path) -> None:
    file = tmp_path / "breached.txt"
    file.write_text("\n".join(sorted(map(digest_of, KNOWN))).lower())

    assert all(map(BreachedPasswords(file).hold, KNOWN))


def test_a_file_may_be_replaced_while_it_is_in_use(tmp_path: Path) -> None:
    breached = BreachedPasswords(file_of(tmp_path, KNOWN[:5]))
    assert not breached.hold(KNOWN[9])

    file_of(tmp_path, KNOWN)

    assert breached.hold(KNOWN[9])


@pytest.mark.parametrize(
    "content", [None, b"", b"a breached password\n", b"0" * 32 + b":1\n", b"0" * 40 + b":x\n"]
)
def test_no_password_is_taken_while_the_file_cannot_be_asked(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "breached.txt"
    if content is not None:
        file.write_bytes(content)
    rules = PasswordRules(breached=BreachedPasswords(file))

    with pytest.raises(BreachedListUnreadable) as refusal:
        rules.require_strong("correct horse battery", "Anna Berg", "a.berg@example.com")

    assert refusal.value.status == 503


def test_a_breached_password_is_refused_and_another_is_not(tmp_path: Path) -> None:
    rules = PasswordRules(breached=BreachedPasswords(file_of(tmp_path, KNOWN)))

    with pytest.raises(WeakPassword) as refusal:
        rules.require_strong(KNOWN[7], "Anna Berg", "a.berg@example.com")
    rules.require_strong("correct horse battery", "Anna Berg", "a.berg@example.com")

    assert [reason for _, reason in refusal.value.pointers] == [
        "this password is known from a breach of some service"
    ]


@pytest.mark.parametrize("half", ["\ud800" * 12])
def test_half_a_character_is_looked_up_as_any_other(tmp_path: Path, half: str) -> None:
    assert not BreachedPasswords(file_of(tmp_path, KNOWN)).hold(half)
