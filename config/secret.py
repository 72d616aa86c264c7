"""Values that may be used but never shown."""

from __future__ import annotations

import hmac
import re
from urllib.parse import unquote

MASK = "***"

# A password may hold a raw "@", "/" or "?", so everything up to the last "@" counts as part of it.
_USERINFO = re.compile(r"(?<=://)(?P<user>[^:@/]*):(?P<password>.*)@", re.DOTALL)
_QUERY = re.compile(r"(?<=[?&])(?P<name>(?:ssl)?password)=(?P<password>[^&]*)", re.IGNORECASE)


class Secret:
    """A text that only `reveal` gives away; its `str`, `repr` and formatted forms are masked."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself, for the one call that needs it."""
        return self._text

    def confidential(self) -> tuple[str, ...]:
        """The texts that must not appear anywhere, for whoever masks them in a log."""
        return (self._text,) if self._text else ()

    def __str__(self) -> str:
        return MASK if self._text else ""

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self._text.encode(), other._text.encode())

    def __hash__(self) -> int:
        return hash(self._text)


class SecretUrl(Secret):
    """A URL that shows its server but never its password."""

    __slots__ = ()

    def confidential(self) -> tuple[str, ...]:
        """The password, as written in the URL and as the server sees it."""
        found = {part["password"] for pattern in (_USERINFO, _QUERY) for part in pattern.finditer(self._text)}
        return tuple(sorted((found | {unquote(text) for text in found}) - {""}))

    def __str__(self) -> str:
        text = _USERINFO.sub(rf"\g<user>:{MASK}@", self._text)
        return _QUERY.sub(rf"\g<name>={MASK}", text)
