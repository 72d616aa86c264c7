"""What SIGHUP does to the API server: new workers, unless the new configuration is not valid."""

from __future__ import annotations

import logging
import os
from typing import Any

from countersign.config.layers import load_settings
from countersign.config.mistakes import ConfigurationInvalid

_log = logging.getLogger(__name__)


def guard_reload(server: Any) -> None:
    """Put a look at the configuration before gunicorn's own answer to SIGHUP.

    gunicorn ends the whole server when a new worker cannot start, and its hooks come too late to stop it.
    """
    reload = server.handle_hup

    def reload_if_valid() -> None:
        try:
            load_settings(os.environ)
        except ConfigurationInvalid as invalid:
            _log.error("SIGHUP: the configuration is not valid, all stays as it was:\n%s", invalid)
        else:
            reload()

    server.handle_hup = reload_if_valid
