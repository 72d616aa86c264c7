"""How Vault says no: https://developer.hashicorp.com/vault/api-docs#error-response."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Refused(Exception):
    """An answer with a status of 400 or above; `body` replaces the usual list of errors."""

    def __init__(self, status: int, *errors: str, body: Mapping[str, Any] | None = None) -> None:
        super().__init__(status, *errors)
        self.status = status
        self.body = {"errors": list(errors)} if body is None else body


def denied() -> Refused:
    return Refused(403, "1 error occurred:\n\t* permission denied\n\n")
