"""`countersign keys wrap-master` and `unwrap-master`: the master key into Vault's keeping, and out of it."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from countersign.cli.invocation import Invocation, UsageError
from countersign.cli.screen import say, show_json
from countersign.cli.vault_custody import transit, vault_custody
from countersign.config.key_files import MASTER
from countersign.config.master_key_file import exchange, is_wrapped, symmetric_key
from countersign.config.private_files import KeyFilesError
from countersign.config.vault.master_key import TransitWrap


def wrap_master(invocation: Invocation, _now: datetime) -> None:
    """Have Vault encrypt the key in its file, or encrypt it anew under the latest version of its own key.

    Raises:
        KeyFilesError: what came back from Vault does not open; the file is as it was.
    """
    path = _master(invocation)
    with _transit(invocation) as vault:
        if is_wrapped(path):
            before = path.read_bytes().strip()
            plain, wrapped = vault.unwrap(before), vault.rewrap(before)
        else:
            plain = symmetric_key(path)
            wrapped = vault.wrap(plain)
        if vault.unwrap(wrapped) != plain:
            raise KeyFilesError(f"what Vault encrypted does not open again: {path} stays as it was")
    exchange(path, wrapped)
    _tell(invocation, path, f"encrypted by Vault (version {_version(wrapped)} of its key)", "transit")


def unwrap_master(invocation: Invocation, _now: datetime) -> None:
    """Put the plain key back into its file."""
    path = _master(invocation)
    if not is_wrapped(path):
        raise UsageError(f"{path} is not encrypted by Vault.")
    with _transit(invocation) as vault:
        plain = vault.unwrap(path.read_bytes().strip())
    exchange(path, base64.b64encode(plain))
    _tell(invocation, path, "no longer encrypted", "file")


def _master(invocation: Invocation) -> Path:
    path = invocation.settings.keys_dir / MASTER
    if len(path.read_bytes().split()) > 1:
        raise UsageError(f"{path} is being exchanged: run `countersign keys rotate-master` to its end first.")
    return path


@contextmanager
def _transit(invocation: Invocation) -> Iterator[TransitWrap]:
    with vault_custody(invocation.settings, with_database=False) as custody:
        yield transit(invocation.settings, custody)


def _version(wrapped: bytes) -> str:
    return wrapped.decode().split(":")[1].removeprefix("v")


def _tell(invocation: Invocation, path: Path, state: str, setting: str) -> None:
    if invocation.arguments.json:
        show_json({"file": str(path), "state": state, "keys.master": setting})
        return
    say(f"{path} is {state}. Set keys.master to {setting} before the next start, wherever this file is used.")
    if setting == "transit":
        say(
            "Back it up anew, and keep the old backup offline: it opens everything, even without Vault's key."
        )
