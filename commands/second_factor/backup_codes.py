"""Backup codes: ten to print, made from a nonce and a key alone."""

from __future__ import annotations

import hmac
import re
from base64 import b32encode
from secrets import token_hex
from typing import Final
from uuid import UUID

BACKUP_CODES: Final = 10
_CHARACTERS: Final = 16  # 80 bits
_CODE: Final = re.compile(r"[A-Z2-7]{16}")


def new_nonce() -> str:
    """What makes one set of codes another than all before."""
    return token_hex(16)


class BackupCodes:
    """Makes the codes of a nonce.

    Nothing of them is stored: the log and its backups give none away, and a repeated command can show the
    same ones again.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key

    def codes(self, account: UUID, nonce: str) -> tuple[str, ...]:
        """The codes of a set, as they are shown."""
        return tuple(_shown(self._code(account, nonce, index)) for index in range(BACKUP_CODES))

    def index_of(self, account: UUID, nonce: str, code: str) -> int | None:
        """Which code of a set this is; case, spaces and dashes do not matter."""
        given = code.replace("-", "").replace(" ", "").upper()
        if not _CODE.fullmatch(given):
            return None
        found = [
            index
            for index in range(BACKUP_CODES)
            if hmac.compare_digest(self._code(account, nonce, index), given)
        ]
        return found[0] if found else None

    def _code(self, account: UUID, nonce: str, index: int) -> str:
        message = f"backup code|{account}|{nonce}|{index}".encode()
        return b32encode(hmac.digest(self._key, message, "sha256")).decode()[:_CHARACTERS]


def _shown(code: str) -> str:
    return "-".join(code[place : place + 4] for place in range(0, _CHARACTERS, 4))
