"""Log lines that name the request, the trail and the trace that they belong to."""

from __future__ import annotations

from countersign.config.log_setup import configure_logging
from countersign.config.settings import Settings
from countersign.eventstore.trail import current_trail


def configure_log(settings: Settings) -> None:
    """Send the log of this process where the settings say; every line has the ids of the work it tells of."""
    configure_logging(settings.logging, settings.secrets(), ids=lambda: current_trail().ids())
