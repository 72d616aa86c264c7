"""Secrets by reference: a setting names the place where its value is kept, instead of the value.

`env:NAME` is another variable, `file:/path` a file, `vault:path#key` a key of a secret in Vault. A resolver
turns what follows the scheme into the value; what it returns is never read as a reference again.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

Resolver = Callable[[str], str]
"""The value that a reference of one scheme leads to. Raises `Unresolvable`."""

FORMS: Final = {
    "env": "env:NAME",
    "file": "file:/path",
    "vault": "vault:path#key",
}
_TARGETS: Final = {
    "env": re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,199}"),
    "file": re.compile(r"/[^\x00-\x1f]{1,4095}"),
    "vault": re.compile(r"[A-Za-z0-9._/\-]{1,500}(\?version=[1-9][0-9]{0,8})?#[A-Za-z0-9._\-]{1,200}"),
}


class Unresolvable(Exception):
    """A reference leads nowhere; the message says why and what was expected, and shows no value."""


class Misspelt(ValueError):
    """A text begins like a reference and is none. It may be a secret, so the message does not show it."""


@dataclass(frozen=True, slots=True)
class Reference:
    """Where a value is kept."""

    scheme: str
    target: str

    def __str__(self) -> str:
        return f"{self.scheme}:{self.target}"


def reference_in(text: str) -> Reference | None:
    """The reference that a setting's text is, or None for a plain value. Raises `Misspelt`."""
    scheme, _, target = text.partition(":")
    if scheme not in FORMS:
        return None
    if not _TARGETS[scheme].fullmatch(target):
        raise Misspelt(f"expected {FORMS[scheme]} after `{scheme}:`; keep a value that begins so in a file")
    return Reference(scheme, target)
