"""Seals personal values under their person's key, bound to the place where they stand (AES-256-GCM)."""

from __future__ import annotations

import os
from base64 import b64decode, b64encode
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from countersign.eventstore.personal_fields import PersonalField, PersonalStructure
from countersign.eventstore.subject_keys import SubjectKeys

_NONCE_BYTES: Final = 12
_SEALED: Final = "sealed"
_SUBJECT: Final = "subject"


class FieldCipher:
    """Seals and opens the personal values of a decoded JSON object, in place."""

    def __init__(self, keys: SubjectKeys) -> None:
        self._keys = keys

    def seal(self, structure: PersonalStructure, state: dict[str, Any], subject: UUID, place: str) -> None:
        """Replace each personal value by its ciphertext.

        `place` (stream, version, topic) goes into the associated data, so that a value that was moved to
        another place no longer opens.
        """
        if structure.subject and structure.subject in state:
            subject = UUID(state[structure.subject])
        for field, holder, here in _walk(structure, state, place):
            if field.within is None:
                holder[field.name] = self._sealed(holder[field.name], subject, here)
            else:
                self.seal(field.within, holder, subject, here)

    def open(self, structure: PersonalStructure, state: dict[str, Any], place: str) -> None:
        """Put back each personal value; one whose key is gone becomes an erased value, never an error."""
        for field, holder, here in _walk(structure, state, place):
            if field.within is None:
                holder[field.name] = self._opened(holder[field.name], here)
            else:
                self.open(field.within, holder, here)

    def _sealed(self, value: Any, subject: UUID, place: str) -> Any:
        if not isinstance(value, str) or not value:
            return value
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._keys.make(subject).encrypt(nonce, value.encode(), place.encode())
        return {_SUBJECT: str(subject), _SEALED: b64encode(nonce + sealed).decode()}

    def _opened(self, value: Any, place: str) -> Any:
        if not isinstance(value, dict) or _SEALED not in value:
            return value
        key = self._keys.find(_subject(value[_SUBJECT]))
        if key is None:
            return {_SUBJECT: value[_SUBJECT]}
        sealed = b64decode(value[_SEALED])
        return key.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], place.encode()).decode()


_subject = lru_cache(maxsize=4096)(UUID)


def _walk(
    structure: PersonalStructure, state: dict[str, Any], place: str
) -> Iterator[tuple[PersonalField, dict[str, Any], str]]:
    for field in structure.fields:
        value = state.get(field.name)
        here = f"{place}|{field.name}"
        if field.within is None:
            if field.name in state:
                yield field, state, here
        elif field.many:
            for index, item in enumerate(value or ()):
                yield field, item, f"{here}|{index}"
        elif value is not None:
            yield field, value, here
