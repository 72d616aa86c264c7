"""What SIGHUP does to the API server: new workers take over, unless the new configuration is not valid."""

from __future__ import annotations

from typing import Any

from countersign.cli.relief import Relief
from countersign.cli.reload import reload_configuration, server_settings
from countersign.cli.vault_at_start import vault_lets_in


def guard_reload(server: Any, relief: Relief) -> None:
    """Put the reading of the configuration before gunicorn's own answer to SIGHUP.

    gunicorn ends the whole server when a new worker cannot start, and its hooks come too late to stop it.
    """
    exchange_workers = server.handle_hup

    def exchange_if_valid() -> None:
        if vault_lets_in(server_settings()) and reload_configuration():
            with relief.newcomers_first(server):
                exchange_workers()

    server.handle_hup = exchange_if_valid
