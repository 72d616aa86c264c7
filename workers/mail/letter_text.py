"""The words of a mail: a shipped text and a shipped page for each purpose, filled with facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import FileSystemLoader, StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment

from countersign.aggregates.email_contents import EmailPurpose
from countersign.aggregates.root import Erased

TEXTS = Path(__file__).with_name("templates")
LOGO: Final = "logo@countersign"
SUBJECT = "Subject:"
LONGEST_SUBJECT = 200


@dataclass(frozen=True, slots=True)
class LetterText:
    """What the reader sees: the text, and the same as a page, which shows the picture with the id `LOGO`."""

    subject: str
    body: str
    page: str


def letter_text(purpose: EmailPurpose, name: str | Erased, facts: Mapping[str, str]) -> LetterText:
    """The text for a purpose.

    Raises:
        UndefinedError: the text wants a fact that is not there.
    """
    shipped = _shipped(purpose)
    subject = subject_line(purpose, facts)
    greeting = "Hello," if isinstance(name, Erased) or not name.strip() else f"Hello {_one_line(name)},"
    return LetterText(
        subject=subject,
        body=shipped.body.render(facts, greeting=greeting),
        page=shipped.page.render(facts, greeting=greeting, subject=subject, logo=LOGO),
    )


def subject_line(purpose: EmailPurpose, facts: Mapping[str, str]) -> str:
    """The subject alone, for which the facts that a mail was planned with are enough.

    Raises:
        UndefinedError: it wants a fact that is not there.
    """
    return _one_line(_shipped(purpose).subject.render(facts))[:LONGEST_SUBJECT]


@cache
def logo() -> bytes:
    """The picture that every page shows, as PNG."""
    return TEXTS.joinpath("logo.png").read_bytes()


@dataclass(frozen=True, slots=True)
class _Shipped:
    subject: Template
    body: Template
    page: Template


@cache
def _shipped(purpose: EmailPurpose) -> _Shipped:
    plain, pages = _environment(autoescape=False), _environment(autoescape=True)
    subject, _, body = (TEXTS / f"{purpose}.txt").read_text("utf-8").partition("\n")
    return _Shipped(
        plain.from_string(subject.removeprefix(SUBJECT)),
        plain.from_string(body),
        pages.get_template(f"{purpose}.html"),
    )


@cache
def _environment(*, autoescape: bool) -> ImmutableSandboxedEnvironment:
    return ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(TEXTS),
        undefined=StrictUndefined,
        autoescape=autoescape,  # off for plain text, which nothing reads as HTML
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())
