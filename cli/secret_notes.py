"""Which versions of the service's secrets are in use, for the log of events; a value never gets here."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Final
from uuid import uuid4

from countersign.cli.foundation import foundation
from countersign.cli.invocation import UsageError
from countersign.cli.tables import require_tables
from countersign.commands.secret.note_secret_retired import NoteSecretRetired
from countersign.commands.secret.note_secret_versions import NoteSecretVersions
from countersign.config.private_files import KeyFilesError
from countersign.config.settings import Settings
from countersign.config.signing_key_files import load_signing_keys
from countersign.config.vault.trouble import VaultTrouble
from countersign.eventstore.context import SYSTEM, Context
from countersign.eventstore.outage import DatabaseUnavailable
from countersign.eventstore.receipt import Receipt
from countersign.workers.together import Part

_SIGNING_KEYS: Final = "token-signing"
_LOOKED_AT_EVERY_S: Final = 60.0
_PINNED: Final = re.compile(r"\?version=[0-9]+")
Dispatch = Callable[[object, Context], Receipt]
_log = logging.getLogger(__name__)


def secrets_in_use(settings: Settings) -> Iterator[NoteSecretVersions]:
    """The keys that sign tokens, and what the settings got from Vault.

    Raises:
        KeyFilesError: a key is damaged.
    """
    ids = tuple(key.id for key in reversed(load_signing_keys(settings.keys_dir)))
    yield NoteSecretVersions(name=_SIGNING_KEYS, backend="file", versions=ids)
    for path, version in settings.versions.items():
        place = settings.references[path].partition(":")[2]
        yield NoteSecretVersions(name=_PINNED.sub("", place), backend="vault", versions=(version,))


def retired_signing_key(key_id: str) -> NoteSecretRetired:
    """A key that signed tokens was destroyed."""
    return NoteSecretRetired(name=_SIGNING_KEYS, backend="file", version=key_id)


def noted(settings: Settings, commands: Sequence[object]) -> str:
    """Give the commands from a command line that has already done its work; why not, or nothing."""
    try:
        with foundation(settings) as base:
            require_tables(base.databases)
            give(base.dispatcher.dispatch, commands)
    except (DatabaseUnavailable, KeyFilesError, UsageError, VaultTrouble) as why:
        return str(why)
    return ""


def keep_noting(settings: Settings, dispatch: Dispatch) -> Part:
    """Note what is in use, now and whenever another key has come into the folder."""

    def look(stop: threading.Event) -> None:
        known: tuple[NoteSecretVersions, ...] = ()
        while not stop.is_set():
            try:
                found = tuple(secrets_in_use(settings))
                if found != known:
                    give(dispatch, found)
                known = found
            except (DatabaseUnavailable, KeyFilesError) as why:
                _log.warning("the versions of secrets could not be noted, they will be: %s", why)
            stop.wait(_LOOKED_AT_EVERY_S)

    return look


def give(dispatch: Dispatch, commands: Sequence[object]) -> None:
    """Give the commands in the name of the service."""
    for command in commands:
        context = Context(
            actor=SYSTEM, command_key=str(uuid4()), correlation="secrets in use", fresh_key=True
        )
        dispatch(command, context)
