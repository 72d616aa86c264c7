"""Addresses that are there only while a feature is switched on."""

from __future__ import annotations

from countersign.commands.configuration.flag_reader import FlagReader
from countersign.http.problems import Refusal


def require_feature(flags: FlagReader, name: str) -> None:
    """Answer as if nothing were at this address while the feature is off.

    Raises:
        Refusal: 404.
    """
    if not flags.enabled(name):
        raise Refusal(404, "not_found", f"this part of the service is switched off ({name})")
