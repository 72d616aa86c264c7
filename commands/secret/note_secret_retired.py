"""A version of a secret was destroyed."""

from __future__ import annotations

from dataclasses import dataclass

from countersign.aggregates.secret_ref import Backend, SecretRef, secret_id
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteSecretRetired:
    name: str
    backend: Backend
    version: str


def note_secret_retired(command: NoteSecretRetired, store: Store) -> Receipt:
    """Note it, also of a secret that nobody had noted before."""
    permit(store, "NoteSecretRetired")
    secret = store.find(SecretRef, secret_id(command.backend, command.name)) or SecretRef.register(
        store.now, command.backend, command.name, command.version
    )
    secret.see(store.now, (command.version,))
    secret.retire(store.now, command.version)
    return store.save(secret)
