"""Which e-mail addresses are accepted, and when two are the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countersign.aggregates.email_address import InvalidEmail, email_address


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("anna@example.com", "anna@example.com"),
        ("  Anna.Berg@Example.COM ", "Anna.Berg@example.com"),
        ("o'neil+sat@plant.local", "o'neil+sat@plant.local"),
        ("anna@münchen.example", "anna@xn--mnchen-3ya.example"),
        ("anna@xn--mnchen-3ya.example", "anna@xn--mnchen-3ya.example"),
        ("ａnna＠example.com", "anna@example.com"),
        ("a" * 64 + "@example.com", "a" * 64 + "@example.com"),
    ],
)
def test_an_address_is_written_as_mail_servers_want_it(text: str, written: str) -> None:
    assert email_address(text).written == written


@pytest.mark.parametrize(
    "text",
    [
        "",
        "anna",
        "@example.com",
        "anna@",
        "anna@localhost",
        "anna@example..com",
        "anna@.example.com",
        "anna@-example.com",
        "anna@example-.com",
        "anna@192.168.0.1",
        "anna@[192.168.0.1]",
        "anna@exa mple.com",
        "anna@exa_mple.com",
        "anna berg@example.com",
        '"anna berg"@example.com',
        "anna..berg@example.com",
        ".anna@example.com",
        "anna.@example.com",
        "änna@example.com",
        "anna@example.com\nbcc: all@example.com",
        "anna\x00@example.com",
        "anna@exam\x00ple.com",
        "anna@example.com,ben@example.com",
        "a" * 65 + "@example.com",
        "a" * 60 + "@" + ".".join(["b" * 60] * 4),
        "anna@" + "b" * 64 + ".com",
        "anna@straße.de",
        "anna@exam\u200dple.com",
        "anna@\ud800.com",
    ],
)
def test_what_mail_cannot_be_sent_to_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(InvalidEmail) as refusal:
        email_address(text, "/recipients/0/email")

    ((pointer, reason),) = refusal.value.pointers
    assert pointer == "/recipients/0/email"
    assert reason


def test_addresses_that_differ_in_case_only_are_the_same() -> None:
    assert email_address("Anna@Example.com").canonical == email_address("aNNA@exAMPle.COM").canonical


@given(st.emails())
def test_an_accepted_address_is_accepted_again_unchanged(text: str) -> None:
    try:
        address = email_address(text)
    except InvalidEmail:
        return
    assert email_address(address.written) == address
    assert email_address(address.canonical).canonical == address.canonical


@given(st.text(max_size=80))
def test_any_text_is_an_address_or_a_refusal_and_never_a_crash(text: str) -> None:
    try:
        address = email_address(text + "@example.com")
    except InvalidEmail:
        return
    assert address.written.isascii()
    assert address.written.isprintable()
