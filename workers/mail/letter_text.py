"""The words of a mail: a shipped text for each purpose, filled with facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment

from countersign.aggregates.email_contents import EmailPurpose
from countersign.aggregates.root import Erased

TEXTS = Path(__file__).with_name("templates")
SUBJECT = "Subject:"
LONGEST_SUBJECT = 200


@dataclass(frozen=True, slots=True)
class LetterText:
    """What the reader sees."""

    subject: str
    body: str


def letter_text(purpose: EmailPurpose, name: str | Erased, facts: Mapping[str, str]) -> LetterText:
    """The text for a purpose.

    Raises:
        UndefinedError: the text wants a fact that is not there.
    """
    subject, body = _shipped(purpose)
    greeting = "Hello," if isinstance(name, Erased) or not name.strip() else f"Hello {_one_line(name)},"
    return LetterText(
        subject=_one_line(subject.render(facts))[:LONGEST_SUBJECT],
        body=body.render(facts, greeting=greeting),
    )


@cache
def _shipped(purpose: EmailPurpose) -> tuple[Template, Template]:
    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        autoescape=False,  # plain text; nothing reads it as HTML
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    subject, _, body = (TEXTS / f"{purpose}.txt").read_text("utf-8").partition("\n")
    return environment.from_string(subject.removeprefix(SUBJECT)), environment.from_string(body)


def _one_line(text: str) -> str:
    return " ".join(text.split())
