"""The exchange of the master key, in steps: broken off after or within any of them, the next call goes on.

The file holds the old key and the new one until every key of a person opens under the new one alone. Which
of them wraps stands in the register: each process on any machine takes the new one from its next person on.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from cryptography.exceptions import InvalidTag

from countersign.cli.foundation import Foundation
from countersign.cli.secret_notes import give
from countersign.cli.vault_custody import unwrapping, wrapping
from countersign.commands.secret.note_secret_retired import NoteSecretRetired
from countersign.commands.secret.note_secret_versions import NoteSecretVersions
from countersign.config.key_files import MASTER
from countersign.config.master_key_file import KEY_BYTES, exchange, line_of, master_keys
from countersign.config.private_files import KeyFilesError
from countersign.eventstore.databases import Database
from countersign.eventstore.master_key_in_use import InUse, in_use, put_in_use
from countersign.eventstore.master_keys import MasterKeyMissing, MasterKeys, master_key_id
from countersign.eventstore.rewrapping import BATCH, left_over, open_all, rewrap

_NAME: Final = "master-key"


@dataclass(frozen=True, slots=True)
class Step:
    """What was done, or would be."""

    name: str
    says: str


@dataclass(slots=True)
class Rotation:
    """`keys` are those of the file, the old one first; `used` is what the register says."""

    base: Foundation
    path: Path
    keys: tuple[bytes, ...]
    used: InUse | None
    batch: int = BATCH

    @classmethod
    def found(cls, base: Foundation) -> Self:
        """As it stands. Raises `KeyFilesError` where the file lacks the key that is in use."""
        path = base.settings.keys_dir / MASTER
        keys = master_keys(path, unwrapping(base.settings, base.vault))
        with base.databases.keys.read() as connection:
            used = in_use(connection)
        if used is not None and used.key_id not in map(master_key_id, keys):
            raise KeyFilesError(str(MasterKeyMissing(used.key_id)))
        return cls(base, path, keys, used)

    def foreseen(self) -> Step:
        """What would be done. Raises `KeyFilesError` where a key of a person does not open."""
        count = _opened(self._register, self._ring())
        begins = "The exchange that was begun would go on" if self._begun else "A new key would be made"
        return Step("dry-run", f"{begins}; all {count} keys of people open and would be wrapped by it.")

    def steps(self, *, only_prepare: bool = False) -> Iterator[Step]:
        """Take what is left; each step is told when it is done."""
        if not self._begun:
            yield self._make()
        if only_prepare:
            return
        if len(self.keys) > 1:
            yield self._put_in_use()
            yield from self._wrap_anew()
            yield self._destroy_old()
        yield self._note_end()

    @property
    def _begun(self) -> bool:
        return len(self.keys) > 1 or (self.used is not None and self.used.replaces is not None)

    @property
    def _register(self) -> Database:
        return self.base.databases.keys

    def _ring(self) -> MasterKeys:
        return MasterKeys(self.keys[0], read=lambda: self.keys)

    def _make(self) -> Step:
        (old,) = self.keys
        _opened(self._register, self._ring())
        aside = self.path.with_name(f"{self.path.name}.{master_key_id(old)}")
        before, new = self.path.read_bytes().strip(), secrets.token_bytes(KEY_BYTES)
        exchange(aside, before)
        wrap = wrapping(self.base.settings, self.base.vault)
        exchange(
            self.path, before + b"\n" + line_of(new, wrap, unwrapping(self.base.settings, self.base.vault))
        )
        self.keys = (old, new)
        return Step(
            "made", f"{self.path} holds {master_key_id(new)} beside the old key, which is in {aside} too."
        )

    def _put_in_use(self) -> Step:
        old, new = map(master_key_id, self.keys)
        self._note(NoteSecretVersions(name=_NAME, backend="file", versions=(old, new)))
        self._say_in_use(InUse(new, replaces=old))
        return Step("in-use", f"{new} wraps the keys of new people.")

    def _wrap_anew(self) -> Iterator[Step]:
        done = 0
        for count in rewrap(self._register, self._ring(), master_key_id(self.keys[-1]), self.batch):
            done += count
            yield Step("wrapped", f"{done} keys of people were wrapped anew.")

    def _destroy_old(self) -> Step:
        old, new = self.keys
        if left := left_over(self._register, master_key_id(new)):
            raise KeyFilesError(f"{left} keys of people are not wrapped by the new key: the old one stays")
        count = _opened(self._register, MasterKeys(new))
        exchange(self.path, self.path.read_bytes().split()[-1])
        self.keys = (new,)
        return Step(
            "destroyed", f"All {count} keys of people open under it alone: {master_key_id(old)} is gone."
        )

    def _note_end(self) -> Step:
        new = master_key_id(self.keys[0])
        if self.used is not None and self.used.replaces is not None:
            self._note(NoteSecretRetired(name=_NAME, backend="file", version=self.used.replaces))
            self._say_in_use(InUse(new, replaces=None))
        return Step(
            "done", f"{new} is the master key. Copy {self.path} to the other machines and back it up."
        )

    def _say_in_use(self, used: InUse) -> None:
        with self._register.write() as connection:
            put_in_use(connection, used)
        self.used = used

    def _note(self, command: object) -> None:
        give(self.base.dispatcher.dispatch, [command])


def _opened(register: Database, masters: MasterKeys) -> int:
    try:
        return open_all(register, masters)
    except (InvalidTag, MasterKeyMissing) as why:
        raise KeyFilesError("a key of a person does not open under master.key: all stays as it is") from why
