"""Reading Vault's answers, in which nothing is taken for granted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from countersign.config.vault.trouble import VaultAway

T = TypeVar("T")


def part(answer: Mapping[str, Any], name: str, kind: type[T]) -> T:
    """A member of an answer, never shown. Raises `VaultAway` if it is missing or of another kind."""
    value = answer.get(name)
    if not isinstance(value, kind):
        raise VaultAway(f"Vault gave an answer without {name!r}: is it Vault that answers at vault.address?")
    return value
