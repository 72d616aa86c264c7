"""What is a good password: long, and not to be guessed from the person, the place or what everybody tries."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from countersign.aggregates.root import DomainError
from countersign.commands.breached_passwords import BreachedPasswords
from countersign.commands.common_passwords import is_common, normalised

MIN_CHARACTERS: Final = 12
MAX_CHARACTERS: Final = 1024
_TELLING: Final = 3  # a shorter piece of a name stands in too many innocent words


class WeakPassword(DomainError):
    """The password can be guessed too easily."""

    code = "weak_password"
    status = 422


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordRules:
    """What is asked of a new password here, besides what is asked everywhere.

    `forbidden_words` are names of the company and its products; `breached` are known from breaches.
    """

    forbidden_words: tuple[str, ...] = ()
    breached: BreachedPasswords | None = None

    def require_strong(self, password: str, name: str, email: str, pointer: str = "/password") -> None:
        """Refuse a password that is short, common, breached, or made of what is known of person and place.

        There are no rules of composition: they make passwords worse (NIST SP 800-63B section 3.1.1.2).

        Raises:
            WeakPassword: with every reason at once.
            BreachedListUnreadable: the file of breached ones cannot be asked.
        """
        reasons = tuple(self._weaknesses(password, name, email))
        if reasons:
            raise WeakPassword("choose another password", tuple((pointer, reason) for reason in reasons))

    def _weaknesses(self, password: str, name: str, email: str) -> Iterator[str]:
        if len(password) < MIN_CHARACTERS:
            yield f"a password has at least {MIN_CHARACTERS} characters"
        elif len(password) > MAX_CHARACTERS:
            yield f"a password has at most {MAX_CHARACTERS} characters"
        elif is_common(password):
            yield "this password is one of those that are guessed first"
        elif self.breached is not None and self.breached.hold(password):
            yield "this password is known from a breach of some service"
        if _has_any(normalised(password), _pieces(name)):
            yield "a password does not contain your name"
        if _has_any(normalised(password), _pieces(email.rpartition("@")[0])):
            yield "a password does not contain your e-mail address"
        if _has_any(_joined(password), map(_joined, self.forbidden_words)):
            yield "a password does not contain a name of this company or of what it makes"


def _has_any(text: str, words: Iterable[str]) -> bool:
    return any(word in text for word in words)


def _joined(text: str) -> str:
    return re.sub(r"[\W_]+", "", normalised(text))


def _pieces(text: str) -> list[str]:
    return [piece for piece in re.split(r"[\W_]+", normalised(text)) if len(piece) >= _TELLING]
