"""Keeping secrets out of log lines, whatever part of a line they are in."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping

from countersign.config.secret import MASK, Secret

_TELLING_NAME = re.compile(
    r"passw(or)?d|passphrase|secret|authorization|cookie|api_?key|(^|_)token$", re.IGNORECASE
)
_PATTERNS = (
    (re.compile(r"(?i)(\b(?:authorization|cookie)[\"']?\s{0,8}[:=]\s{0,8}[\"']?)[^\r\n\"']+"), rf"\1{MASK}"),
    (re.compile(r"(?i)\b(bearer|basic)\s{1,8}[\w.~+/=-]{16,}"), rf"\1 {MASK}"),
    (
        re.compile(
            r"(?i)((?:passw(?:or)?d|passphrase|secret|token|api[_-]?key)[\"']?\s{0,8}[:=]\s{0,8})"
            r"(\"[^\"]*\"|'[^']*'|[^\s,;&\"'}]+)"
        ),
        rf"\1{MASK}",
    ),
    (re.compile(r"([a-z0-9+.-]://[^\s:/@]{0,256}:)[^\s@]{0,512}@"), rf"\1{MASK}@"),
    (re.compile(r"\bhv[sbr]\.[\w-]{20,512}"), MASK),  # a token of Vault
    (re.compile(r"eyJ[\w-]{1,4096}\.[\w-]{1,4096}\.[\w-]{1,4096}"), MASK),
)
# Hiding every "a" of a log would hide the log; whoever has so short a password has none.
_SHORTEST = 4


class Masking:
    """Makes what is logged fit for a log: known secrets and what looks like one are replaced."""

    def __init__(self, secrets: Iterable[Secret]) -> None:
        known = {text for secret in secrets for text in secret.confidential() if len(text) >= _SHORTEST}
        longest_first = sorted(known, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, longest_first))) if known else None

    def text(self, text: str) -> str:
        if self._known is not None:
            text = self._known.sub(MASK, text)
        for pattern, masked in _PATTERNS:
            text = pattern.sub(masked, text)
        return text

    def field(self, name: str, value: object) -> object:
        """A field's value as JSON can hold it; hidden altogether where its name tells that it is a secret."""
        if _TELLING_NAME.search(name):
            return MASK
        if isinstance(value, Mapping):
            return {self.text(str(key)): self.field(str(key), item) for key, item in value.items()}
        if isinstance(value, list | tuple | set | frozenset):
            return [self.field("", item) for item in value]
        return self._scalar(value)

    def _scalar(self, value: object) -> object:
        if value is None or isinstance(value, bool | int):
            return value
        if isinstance(value, float) and math.isfinite(value):
            return value
        return self.text(str(value))
