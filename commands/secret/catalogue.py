"""Every command about secrets, and the handler that decides it."""

from __future__ import annotations

from collections.abc import Mapping

from countersign.commands.handler import Handler
from countersign.commands.secret.note_secret_retired import NoteSecretRetired, note_secret_retired
from countersign.commands.secret.note_secret_versions import NoteSecretVersions, note_secret_versions


def handlers() -> Mapping[type, Handler]:
    """The handlers by the class of their message."""
    return {
        NoteSecretVersions: note_secret_versions,
        NoteSecretRetired: note_secret_retired,
    }
