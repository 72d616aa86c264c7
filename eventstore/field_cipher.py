"""Seals personal values under their person's key, bound to the place where they stand (AES-256-GCM)."""

from __future__ import annotations

import os
from base64 import b64decode, b64encode
from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from countersign.eventstore.personal_fields import PersonalStructure
from countersign.eventstore.subject_keys import SubjectKeys

_NONCE_BYTES: Final = 12
_SEALED: Final = "sealed"
_SUBJECT: Final = "subject"

Change = Callable[[Any, UUID, str], Any]


class FieldCipher:
    """Seals and opens the personal values of a decoded JSON object, in place."""

    def __init__(self, keys: SubjectKeys) -> None:
        self._keys = keys

    def seal(self, structure: PersonalStructure, state: dict[str, Any], subject: UUID, place: str) -> None:
        """Replace each personal value by its ciphertext.

        `place` (stream, version, topic) goes into the associated data, so that a value that was moved to
        another place no longer opens.
        """
        _walk(structure, state, subject, place, self._seal_value)

    def open(self, structure: PersonalStructure, state: dict[str, Any], subject: UUID, place: str) -> None:
        """Put back each personal value; one whose key is gone becomes an erased value, never an error."""
        _walk(structure, state, subject, place, self._open_value)

    def _seal_value(self, value: Any, subject: UUID, place: str) -> Any:
        if not isinstance(value, str) or not value:
            return value
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._keys.make(subject).encrypt(nonce, value.encode(), place.encode())
        return {_SUBJECT: str(subject), _SEALED: b64encode(nonce + sealed).decode()}

    def _open_value(self, value: Any, _subject: UUID, place: str) -> Any:
        if not isinstance(value, dict) or _SEALED not in value:
            return value
        key = self._keys.find(UUID(value[_SUBJECT]))
        if key is None:
            return {_SUBJECT: value[_SUBJECT]}
        sealed = b64decode(value[_SEALED])
        return key.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], place.encode()).decode()


def _walk(
    structure: PersonalStructure, state: dict[str, Any], subject: UUID, place: str, change: Change
) -> None:
    if structure.subject and structure.subject in state:
        subject = UUID(state[structure.subject])
    for field in structure.fields:
        value = state.get(field.name)
        here = f"{place}|{field.name}"
        if field.within is None:
            if field.name in state:
                state[field.name] = change(value, subject, here)
        elif field.many:
            for index, item in enumerate(value or ()):
                _walk(field.within, item, subject, f"{here}|{index}", change)
        elif value is not None:
            _walk(field.within, value, subject, here, change)
