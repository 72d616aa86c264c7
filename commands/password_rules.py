"""What is a good password: long, and not to be guessed from the person or from what everybody tries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from countersign.aggregates.root import DomainError
from countersign.commands.common_passwords import is_common, normalised

MIN_CHARACTERS: Final = 12
MAX_CHARACTERS: Final = 1024
_TELLING: Final = 3  # a shorter piece of a name stands in too many innocent words


class WeakPassword(DomainError):
    """The password can be guessed too easily."""

    code = "weak_password"
    status = 422


def require_strong(password: str, name: str, email: str, pointer: str = "/password") -> None:
    """Refuse a password that is short, common, or made of what everybody knows about the person.

    There are no rules of composition: they make passwords worse (NIST SP 800-63B section 3.1.1.2).

    Raises:
        WeakPassword: with every reason at once.
    """
    reasons = tuple(_weaknesses(password, name, email))
    if reasons:
        raise WeakPassword("choose another password", tuple((pointer, reason) for reason in reasons))


def _weaknesses(password: str, name: str, email: str) -> Iterator[str]:
    if len(password) < MIN_CHARACTERS:
        yield f"a password has at least {MIN_CHARACTERS} characters"
    elif len(password) > MAX_CHARACTERS:
        yield f"a password has at most {MAX_CHARACTERS} characters"
    elif is_common(password):
        yield "this password is one of those that are guessed first"
    if any(piece in normalised(password) for piece in _pieces(name)):
        yield "a password does not contain your name"
    if any(piece in normalised(password) for piece in _pieces(email.rpartition("@")[0])):
        yield "a password does not contain your e-mail address"


def _pieces(text: str) -> list[str]:
    return [piece for piece in re.split(r"[\W_]+", normalised(text)) if len(piece) >= _TELLING]
