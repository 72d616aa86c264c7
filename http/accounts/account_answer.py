"""A person's account as the API shows it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import AliasChoices, Field

from countersign.http.answers import Answer
from countersign.http.staleness import Item


class AccountAnswer(Item):
    """Somebody who may use the service."""

    HANGS_ON = ("id",)
    id: UUID = Field(validation_alias=AliasChoices("person_id", "id"))
    name: str
    email: str
    role: str
    status: str
    version: int
    registered_at: datetime = Field(validation_alias=AliasChoices("known_since", "registered_at"))


class AccountsAnswer(Answer):
    """A page of accounts, by name."""

    items: list[AccountAnswer]
    next_cursor: str | None
