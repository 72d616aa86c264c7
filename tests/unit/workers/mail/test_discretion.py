"""What is told of a mail names nobody."""

from __future__ import annotations

import pytest

from countersign.workers.mail.discretion import without_addresses, without_recipient


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("4.2.1 <bob@client.example>: Recipient busy", "4.2.1 (address): Recipient busy"),
        ("BOB@CLIENT.EXAMPLE was not found", "(address) was not found"),
        ("user bob unknown; bobsled is not he", "user (address) unknown; bobsled is not he"),
        ("mailbox <bob> is full, ask eve@client.example", "mailbox <(address)> is full, ask (address)"),
    ],
)
def test_a_reply_names_neither_the_recipient_nor_anybody_else(said: str, told: str) -> None:
    assert without_recipient(said, "bob@client.example") == told


def test_a_local_part_that_no_pattern_would_know_is_struck_out_too() -> None:
    assert without_recipient('<"a b"@x.example> is gone', '"a b"@x.example') == "(address) is gone"


def test_signs_of_a_pattern_in_an_address_are_only_themselves() -> None:
    assert without_recipient("bob+lists (at work) is gone", "bob+lists@x.example") == (
        "(address) (at work) is gone"
    )
    assert without_recipient("axxb stays", "a.*b@x.example") == "axxb stays"


def test_a_text_without_an_address_stays_as_it_is() -> None:
    assert without_addresses("452 no space") == "452 no space"
