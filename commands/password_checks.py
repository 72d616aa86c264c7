"""Passwords are hashed once for a command, however often its handler runs again."""

from __future__ import annotations

from collections import OrderedDict
from hashlib import blake2b
from secrets import token_bytes
from threading import Lock
from typing import Final

from countersign.aggregates.root import Erased
from countersign.commands.password_hashes import PasswordHashes

_KEPT: Final = 256


class PasswordChecks:
    """Checks passwords and remembers the verdict under the command's key, for the handler that lost a race.

    Without it each of many simultaneous guesses would cost a hash for every time it loses. What is remembered
    is a keyed digest of the question, never the password.
    """

    def __init__(self, passwords: PasswordHashes) -> None:
        self._passwords = passwords
        self._key = token_bytes(32)
        self._verdicts: OrderedDict[bytes, bool] = OrderedDict()
        self._lock = Lock()

    def verify(self, command_key: str, kept: str | Erased | None, password: str) -> bool:
        """Whether this is the password; as slow for somebody unknown (None) as for everybody else.

        Raises:
            PasswordsBusy: no turn came in time.
        """
        asked = self._digest(command_key, str(kept), password)
        with self._lock:
            known = self._verdicts.get(asked)
        if known is not None:
            return known
        verdict = self._passwords.verify(kept, password)
        with self._lock:
            self._verdicts[asked] = verdict
            while len(self._verdicts) > _KEPT:
                self._verdicts.popitem(last=False)
        return verdict

    def renewed(self, kept: str | Erased, password: str) -> str | None:
        """A hash of today's cost for a password that was just proved; None while the kept one has it.

        Raises:
            PasswordsBusy: no turn came in time.
        """
        return self._passwords.make(password) if self._passwords.is_outdated(kept) else None

    def _digest(self, *question: str) -> bytes:
        digest = blake2b(key=self._key)
        for part in question:
            raw = part.encode("utf-8", "surrogatepass")
            digest.update(len(raw).to_bytes(8) + raw)
        return digest.digest()
