"""Versions of a secret are in use."""

from __future__ import annotations

from dataclasses import dataclass

from countersign.aggregates.secret_ref import Backend, SecretRef, secret_id
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteSecretVersions:
    """`versions` names at least one, the oldest first: numbers or ids, never a value."""

    name: str
    backend: Backend
    versions: tuple[str, ...]


def note_secret_versions(command: NoteSecretVersions, store: Store) -> Receipt:
    """Note the secret when it is new, and each version that is."""
    permit(store, "NoteSecretVersions")
    secret = store.find(SecretRef, secret_id(command.backend, command.name)) or SecretRef.register(
        store.now, command.backend, command.name, command.versions[0]
    )
    secret.see(store.now, command.versions)
    return store.save(secret)
