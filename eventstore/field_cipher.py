"""Seals values under the key of their person or stream, bound to where they stand (AES-256-GCM)."""

from __future__ import annotations

import os
from base64 import b64decode, b64encode
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

import msgspec

from countersign.eventstore.personal_fields import PersonalField, PersonalStructure
from countersign.eventstore.subject_keys import SubjectKeys

_NONCE_BYTES: Final = 12
_SEALED: Final = "sealed"
_SUBJECT: Final = "subject"
_WHOLE: Final = frozenset({_SUBJECT, _SEALED})


class FieldCipher:
    """Seals and opens the personal and the disposable values of a decoded JSON object, in place."""

    def __init__(self, keys: SubjectKeys) -> None:
        self._keys = keys

    def seal(self, structure: PersonalStructure, state: dict[str, Any], subject: UUID, place: str) -> None:
        """Replace each of these values by its ciphertext.

        `place` (stream, version, topic) goes into the associated data, so that a value that was moved to
        another place no longer opens.
        """
        if structure.subject and structure.subject in state:
            subject = UUID(state[structure.subject])
        for field, holder, here in _walk(structure, state, place):
            if field.whole:
                holder[field.name] = self._sealed_whole(holder[field.name], subject, here)
            elif field.within is None:
                holder[field.name] = self._sealed(holder[field.name], subject, here)
            else:
                self.seal(field.within, holder, subject, here)

    def open(self, structure: PersonalStructure, state: dict[str, Any], place: str) -> None:
        """Put back each value; one whose key is gone becomes an erased or an empty value, never an error.

        What was stored before its field was sealed stands there as it is.
        """
        for field, holder, here in _walk(structure, state, place):
            if field.whole:
                holder[field.name] = self._opened_whole(holder[field.name], field.blank, here)
            elif field.within is None:
                holder[field.name] = self._opened(holder[field.name], here)
            else:
                self.open(field.within, holder, here)

    def _sealed(self, value: Any, subject: UUID, place: str) -> Any:
        if not isinstance(value, str) or not value:
            return value
        return {_SUBJECT: str(subject), _SEALED: self._encrypted(value.encode(), subject, place)}

    def _sealed_whole(self, value: Any, subject: UUID, place: str) -> Any:
        if not value:
            return value
        sealed = self._encrypted(msgspec.json.encode(value), subject, place)
        return {_SUBJECT: str(subject), _SEALED: sealed}

    def _encrypted(self, plain: bytes, subject: UUID, place: str) -> str:
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._keys.make(subject).encrypt(nonce, plain, place.encode())
        return b64encode(nonce + sealed).decode()

    def _opened(self, value: Any, place: str) -> Any:
        if not isinstance(value, dict) or _SEALED not in value:
            return value
        plain = self._decrypted(value[_SUBJECT], value[_SEALED], place)
        return {_SUBJECT: value[_SUBJECT]} if plain is None else plain.decode()

    def _opened_whole(self, value: Any, blank: Any, place: str) -> Any:
        if not isinstance(value, dict) or value.keys() != _WHOLE:
            return value
        plain = self._decrypted(value[_SUBJECT], value[_SEALED], place)
        return blank if plain is None else msgspec.json.decode(plain)

    def _decrypted(self, subject: str, sealed: str, place: str) -> bytes | None:
        key = self._keys.find(_subject(subject))
        if key is None:
            return None
        stored = b64decode(sealed)
        return key.decrypt(stored[:_NONCE_BYTES], stored[_NONCE_BYTES:], place.encode())


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
