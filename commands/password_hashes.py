"""How the service knows a password without keeping it (argon2id, RFC 9106)."""

from __future__ import annotations

import unicodedata
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from secrets import token_bytes
from threading import BoundedSemaphore
from typing import Self

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from countersign.aggregates.root import DomainError, Erased
from countersign.commands.password_rules import MAX_CHARACTERS


class PasswordsBusy(DomainError):
    """Too many people are proving who they are at once; nothing is wrong with the password."""

    code = "passwords_busy"
    status = 503


@dataclass(frozen=True, kw_only=True)
class HashCost:
    """What one hash costs, and how many are made at once; the least that OWASP recommends with two passes."""

    memory_kib: int = 19456
    passes: int = 2
    lanes: int = 1
    at_once: int = 2
    wait_s: float = 10.0


class PasswordHashes:
    """Makes and checks hashes, a few at once: each takes its whole memory while it runs.

    `at_once` is for the process, so keep one instance in it; who waits longer than `wait_s` is refused.
    """

    def __init__(
        self,
        memory_kib: int = HashCost.memory_kib,
        passes: int = HashCost.passes,
        lanes: int = HashCost.lanes,
        *,
        at_once: int = HashCost.at_once,
        wait_s: float = HashCost.wait_s,
    ) -> None:
        self._hasher = PasswordHasher(time_cost=passes, memory_cost=memory_kib, parallelism=lanes)
        self._nobodys = f"$argon2id$v=19$m={memory_kib},t={passes},p={lanes}${_random(16)}${_random(32)}"
        self._slots = BoundedSemaphore(at_once)
        self._wait_s = wait_s

    @classmethod
    def of(cls, cost: HashCost) -> Self:
        """Hashes of a cost that was configured."""
        return cls(cost.memory_kib, cost.passes, cost.lanes, at_once=cost.at_once, wait_s=cost.wait_s)

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

    def is_outdated(self, kept: str | Erased) -> bool:
        """Whether a hash was made at another cost than today's."""
        return isinstance(kept, str) and self._hasher.check_needs_rehash(kept)

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
