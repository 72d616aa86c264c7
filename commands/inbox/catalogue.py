"""Every command about what people want to be written about, and the handler that decides it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from countersign.commands.handler import Handler
from countersign.commands.inbox.send_digest import SendDigest, send_digest
from countersign.commands.inbox.set_preferences import SetPreferences, set_preferences
from countersign.commands.options import Options


def handlers(options: Options) -> Mapping[type, Handler]:
    """The handlers by the class of their message."""
    return {
        SetPreferences: set_preferences,
        SendDigest: partial(send_digest, options=options),
    }
