"""The keys that sign access tokens, as they come and go while the service runs."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

logger = logging.getLogger(__name__)


class KeysUnreadable(Exception):
    """The keys cannot be read again now; those that were read before stay in use."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key under its id. It is published at once, and signs from a moment on."""

    id: str
    private: Ed25519PrivateKey = field(repr=False)
    signs_from: datetime


class SigningKeys:
    """The keys of this process, the newest first, read again every `reread_s` seconds.

    Processes read at different times, so a key that begins to sign `reread_s` after it was published is known
    to all of them by then.
    """

    def __init__(
        self,
        read: Callable[[], Sequence[SigningKey]],
        reread_s: float,
        elapsed_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._read = read
        self._reread_s = reread_s
        self._elapsed_s = elapsed_s
        self._reading = Lock()
        self._due = 0.0
        self._use(read())

    def signer(self, now: datetime) -> SigningKey:
        """The newest key whose moment has come."""
        keys = self.published()
        return next((key for key in keys if key.signs_from <= now), keys[-1])

    def public(self, key_id: str) -> Ed25519PublicKey:
        """The public half of a key.

        Raises:
            KeyError: there is none of that id, or no longer.
        """
        self._keep_up()
        return self._public[key_id]

    def published(self) -> Sequence[SigningKey]:
        """Every key that is good for checking, also one that does not sign yet."""
        self._keep_up()
        return self._keys

    def _keep_up(self) -> None:
        if self._elapsed_s() < self._due or not self._reading.acquire(blocking=False):
            return  # whoever else is reading: what is known is good for another moment
        try:
            self._use(self._read())
        except KeysUnreadable as unreadable:
            self._due = self._elapsed_s() + self._reread_s
            logger.warning("signing keys not read again", extra={"reason": str(unreadable)})
        finally:
            self._reading.release()

    def _use(self, keys: Sequence[SigningKey]) -> None:
        if not keys:
            raise KeysUnreadable("there is no signing key")
        self._public = {key.id: key.private.public_key() for key in keys}
        self._keys = tuple(sorted(keys, key=lambda key: key.signs_from, reverse=True))
        self._due = self._elapsed_s() + self._reread_s
