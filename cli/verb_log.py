"""The log of a verb that somebody calls: on their screen only what they have to know."""

from __future__ import annotations

import logging

from countersign.config.log_setup import configure_logging
from countersign.config.settings import Settings


def configure_verb_log(settings: Settings) -> None:
    """Send warnings to the console; a log file gets what the settings say."""
    configure_logging(settings.logging, settings.secrets(), console_from=logging.WARNING)
