"""Passwords: what is a good one, and how the service knows one without keeping it (argon2id, RFC 9106)."""

from __future__ import annotations

import re
import unicodedata
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from secrets import token_bytes
from threading import BoundedSemaphore
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from countersign.aggregates.root import DomainError, Erased

MIN_CHARACTERS: Final = 12
MAX_CHARACTERS: Final = 1024
_TELLING: Final = 3  # a shorter piece of a name stands in too many innocent words


class WeakPassword(DomainError):
    """The password can be guessed too easily."""

    code = "weak_password"
    status = 422


class PasswordsBusy(DomainError):
    """Too many people are proving who they are at once; nothing is wrong with the password."""

    code = "passwords_busy"
    status = 503


def require_strong(password: str, name: str, email: str, pointer: str = "/password") -> None:
    """Refuse a password that is short, or made of what everybody knows about the person.

    Raises:
        WeakPassword: with every reason at once.
    """
    reasons = tuple(_weaknesses(password, name, email))
    if reasons:
        raise WeakPassword("choose another password", tuple((pointer, reason) for reason in reasons))


def _weaknesses(password: str, name: str, email: str) -> Iterator[str]:
    if len(password) < MIN_CHARACTERS:
        yield f"a password has at least {MIN_CHARACTERS} characters"
    if len(password) > MAX_CHARACTERS:
        yield f"a password has at most {MAX_CHARACTERS} characters"
    if any(piece in _folded(password) for piece in _pieces(name)):
        yield "a password does not contain your name"
    if any(piece in _folded(password) for piece in _pieces(email.rpartition("@")[0])):
        yield "a password does not contain your e-mail address"


def _pieces(text: str) -> list[str]:
    return [piece for piece in re.split(r"[\W_]+", _folded(text)) if len(piece) >= _TELLING]


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


class PasswordHashes:
    """Makes and checks hashes, a few at once: each takes its whole memory while it runs.

    `at_once` is for the process, so keep one instance in it; who waits longer than `wait_s` is refused.
    """

    def __init__(
        self,
        memory_kib: int = 19456,  # the least that OWASP recommends with two passes
        passes: int = 2,
        lanes: int = 1,
        *,
        at_once: int = 2,
        wait_s: float = 10.0,
    ) -> None:
        self._hasher = PasswordHasher(time_cost=passes, memory_cost=memory_kib, parallelism=lanes)
        self._nobodys = f"$argon2id$v=19$m={memory_kib},t={passes},p={lanes}${_random(16)}${_random(32)}"
        self._slots = BoundedSemaphore(at_once)
        self._wait_s = wait_s

    def make(self, password: str) -> str:
        """The hash to keep, with its salt and cost inside.

        Raises:
            PasswordsBusy: no turn came in time.
        """
        with self._turn():
            return self._hasher.hash(_as_bytes(password))

    def verify(self, kept: str | Erased | None, password: str) -> bool:
        """Whether this is the password; as slow for somebody unknown (None) as for everybody else.

        Raises:
            PasswordsBusy: no turn came in time.
        """
        hashed = kept if isinstance(kept, str) else self._nobodys
        with self._turn():
            try:
                return self._hasher.verify(hashed, _as_bytes(password[:MAX_CHARACTERS]))
            except (VerificationError, InvalidHashError):
                return False

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._slots.acquire(timeout=self._wait_s):
            raise PasswordsBusy("too many people are signing in at once: try again in a moment")
        try:
            yield
        finally:
            self._slots.release()


def _as_bytes(password: str) -> bytes:
    """One spelling for what different keyboards send for the same password (NIST SP 800-63B)."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")


def _random(size_bytes: int) -> str:
    return b64encode(token_bytes(size_bytes)).decode().rstrip("=")
