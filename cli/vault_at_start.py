"""Starting the API server on Vault: at first it fails with a sentence, later it waits until Vault is back."""

from __future__ import annotations

import logging
import time
from typing import Final, NoReturn

from countersign.cli.vault_custody import unwrapping, vault_custody
from countersign.config.key_files import load_keys
from countersign.config.settings import Settings
from countersign.config.vault.trouble import VaultTrouble

_PAUSE_S: Final = 2.0
_log = logging.getLogger(__name__)


def require_vault(settings: Settings) -> None:
    """Do once what each worker will do, before there are any.

    Raises:
        VaultTrouble: Vault is sealed, away, or does not give what the settings say.
    """
    if settings.vault.address:
        with vault_custody(settings) as vault:
            load_keys(settings.keys_dir, refuse_readable_by_others=False, unwrap=unwrapping(settings, vault))


def vault_lets_in(settings: Settings) -> bool:
    """Whether what is started anew could take over from what holds all that it needs."""
    try:
        require_vault(settings)
    except VaultTrouble as trouble:
        _log.error("nothing is reloaded, since nothing could start anew: %s", trouble)
        return False
    return True


def leave_it_to_the_next(trouble: VaultTrouble) -> NoReturn:
    """End a worker that cannot start so that gunicorn tries another one, and lets the others be."""
    _log.error("this worker cannot start, another one is tried: %s", trouble)
    time.sleep(_PAUSE_S)  # else it would be tried without a rest
    # Any other status of a worker that did not start ends the whole server.
    raise SystemExit(1)
