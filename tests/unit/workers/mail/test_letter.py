"""A letter on the wire."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countersign.workers.failure import EffectFailed
from countersign.workers.mail.letter import Enclosure, Letter, write_letter
from countersign.workers.mail.letter_text import LOGO, LetterText, logo

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
DOCUMENT = Enclosure("SAT-001-R0 Übergabe.docx", WORD, b"PK\x03\x04\r\n.\r\n\x00\xff")

PAGE = f'<p>Hello Ayşe,</p>\n<img src="cid:{LOGO}">\n{"ö" * 900}\n'


def a_letter(**changes: Any) -> Letter:
    return write_letter(
        **{
            "email_id": UUID(int=7),
            "message_id": "<7@example.org>",
            "at": datetime(2026, 3, 1, 12, 30, tzinfo=UTC),
            "sender": "countersign@example.org",
            "name": "Ayşe Yılmaz",
            "to": "ayse@example.com",
            "text": LetterText(
                "Rapor onayı: Grüße", "Hello Ayşe,\n\n.a line with a leading dot\n" + "ö" * 900, PAGE
            ),
            "enclosures": (DOCUMENT,),
            **changes,
        }
    )


def read_back(letter: Letter) -> EmailMessage:
    return message_from_bytes(letter.content, policy=policy.default)


def test_what_was_written_can_be_read_with_its_document() -> None:
    mail = read_back(a_letter())

    assert mail["To"] == "Ayşe Yılmaz <ayse@example.com>"
    assert mail["Subject"] == "Rapor onayı: Grüße"
    assert mail["Message-ID"] == "<7@example.org>"
    assert mail["Date"].datetime == datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
    body = mail.get_body(("plain",))
    assert body is not None
    assert body.get_content().startswith("Hello Ayşe,\r\n\r\n.a line")
    (attached,) = mail.iter_attachments()
    assert attached.get_content() == DOCUMENT.content
    assert attached.get_filename() == DOCUMENT.filename
    assert attached.get_content_type() == WORD


def test_the_page_is_the_better_alternative_and_brings_its_picture() -> None:
    alternative, _ = read_back(a_letter()).iter_parts()
    text, related = alternative.iter_parts()
    page, picture = related.iter_parts()

    assert alternative.get_content_type() == "multipart/alternative"
    assert text.get_content_type() == "text/plain"
    assert page.get_content() == PAGE.replace("\n", "\r\n")
    assert picture["Content-ID"] == f"<{LOGO}>"
    assert picture["Content-Disposition"] == "inline"
    assert picture.get_content() == logo()


def test_no_two_parts_end_at_the_same_boundary() -> None:
    boundaries = [part.get_boundary() for part in read_back(a_letter()).walk() if part.is_multipart()]

    assert len(boundaries) == len(set(boundaries)) == 3


def test_the_same_letter_has_the_same_bytes_at_every_attempt() -> None:
    assert a_letter() == a_letter()


def test_only_seven_bit_lines_of_legal_length_leave() -> None:
    content = a_letter().content

    assert content.isascii()
    assert content.endswith(b"\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert max(map(len, content.split(b"\r\n"))) <= 998


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_name_or_subject_adds_a_header(name: str, subject: str) -> None:
    try:
        letter = a_letter(name=name, text=LetterText(" ".join(subject.split()), "Hello", PAGE), enclosures=())
    except EffectFailed:
        return
    head = letter.content.partition(b"\r\n\r\n")[0]
    names = [line.partition(b":")[0] for line in head.split(b"\r\n") if not line.startswith((b" ", b"\t"))]

    assert sorted(names) == sorted(
        [
            b"From",
            b"To",
            b"Subject",
            b"Date",
            b"Message-ID",
            b"Auto-Submitted",
            b"Content-Type",
            b"MIME-Version",
        ]
    )


@pytest.mark.parametrize(
    "to",
    [
        "",
        "nobody",
        "@example.com",
        "a@",
        "a@b.c\r\nBcc: x@y.z",
        "a@b.c, x@y.z",
        "<a@b.c>",
        "a b@c.d",
        "a\x00@b.c",
    ],
)
def test_what_is_no_address_is_never_tried_again(to: str) -> None:
    with pytest.raises(EffectFailed) as failed:
        a_letter(to=to)

    assert failed.value.failure_class == "validation"


def test_a_domain_in_another_script_is_written_as_the_network_knows_it() -> None:
    letter = a_letter(to="info@bücher.example")

    assert letter.recipient == "info@xn--bcher-kva.example"
    assert not letter.international


def test_a_mailbox_in_another_script_asks_for_an_international_server() -> None:
    letter = a_letter(to="grüße@example.com")

    assert letter.international
    assert "To: Ayşe Yılmaz <grüße@example.com>\r\n".encode() in letter.content
