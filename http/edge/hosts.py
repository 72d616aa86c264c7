"""Which names the service answers to (RFC 9110 section 7.2)."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from countersign.aggregates.network import address_of

_LABEL: Final = "[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST: Final = re.compile(rf"(\[[0-9a-f:.]{{2,45}}\]|{_LABEL}(?:\.{_LABEL}){{0,126}}\.?)(?::([0-9]{{1,5}}))?")
_NUMBER: Final = re.compile(r"[0-9]+|0x[0-9a-f]*")


@dataclass(frozen=True, slots=True)
class Host:
    """A name in lower case without its trailing dot, and a port if one is given."""

    name: str
    port: str | None

    @property
    def is_bare_ip(self) -> bool:
        """Whether it is an address; `2130706433`, `0x7f.1` and `127.1` are some, for those who call."""
        return self.name.startswith("[") or _NUMBER.fullmatch(self.name.rpartition(".")[2]) is not None

    def is_among(self, names: Collection[str]) -> bool:
        """Whether it was allowed, with any port or with this one."""
        return self.name in names or f"{self.name}:{self.port}" in names


def host_of(text: str) -> Host | None:
    """What a Host header says; None when it is not one name: a list, a user, a path, nothing at all."""
    found = _HOST.fullmatch(text.lower())
    if found is None or len(found[1]) > 254:
        return None
    if found[1].startswith("[") and address_of(found[1][1:-1]) is None:
        return None
    return Host(found[1].rstrip("."), found[2])


def authority_of(target: str) -> str | None:
    """The authority of a request target in absolute form (RFC 9112 section 3.2.2); None in another form."""
    if target.startswith(("/", "*")) or "://" not in target:
        return None
    try:
        return urlsplit(target).netloc
    except ValueError:
        return ""
