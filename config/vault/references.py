"""Following the references of settings into Vault, with a log-in of its own that ends with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import fields
from typing import TYPE_CHECKING, Any, NoReturn

from countersign.config.references import Reference, Resolver, Unresolvable
from countersign.config.vault.driver import require_hvac
from countersign.config.vault.section import Vault
from countersign.config.vault.trouble import VaultTrouble

if TYPE_CHECKING:  # hvac is not there in a minimal installation
    from countersign.config.vault.secrets import VaultSecrets


@contextmanager
def vault_resolver(written: Mapping[str, object], versions: dict[str, str]) -> Iterator[Resolver]:
    """The resolver for the settings of the section vault, by their names; nothing is asked before its use.

    It puts into `versions` which version it found at each place.
    """
    section = _section(written)
    if isinstance(section, str):
        yield _nowhere(section)
        return
    with ExitStack() as held:
        yield _Resolver(section, held, versions)


class _Resolver:
    def __init__(self, section: Vault, held: ExitStack, versions: dict[str, str]) -> None:
        self._section, self._held, self._versions = section, held, versions
        self._secrets: VaultSecrets | None = None
        self._trouble = ""

    def __call__(self, place: str) -> str:
        if self._trouble:  # one wait is enough to know that it is not there
            raise Unresolvable(self._trouble)
        try:
            if self._secrets is None:
                self._secrets = self._opened()
        except VaultTrouble as trouble:
            self._trouble = str(trouble)
            raise Unresolvable(self._trouble) from None
        try:
            value = self._secrets(place)
            self._versions[place] = self._secrets.version_of(place)
        except VaultTrouble as trouble:
            raise Unresolvable(str(trouble)) from None
        return value

    def _opened(self) -> VaultSecrets:
        # Imported here, since hvac is not there in a minimal installation.
        require_hvac()
        from countersign.config.vault.custody import Custody  # noqa: PLC0415
        from countersign.config.vault.secrets import VaultSecrets  # noqa: PLC0415

        custody = Custody(self._section, lambda name: getattr(self._section, name).reveal())
        self._held.callback(custody.close)
        return VaultSecrets(custody.connection)


def _section(written: Mapping[str, object]) -> Vault | str:
    """The section, or why there is none."""
    if not written.get("address"):
        return "Vault is not configured: name its address and log-in in the section vault"
    if any(isinstance(value, Reference) for value in written.values()):
        return "the log-in to Vault cannot itself be kept in Vault: use env: or file: in the section vault"
    if set(written) != {each.name for each in fields(Vault)}:
        return "the section vault has mistakes of its own"
    settled: dict[str, Any] = dict(written)
    return Vault(**settled)


def _nowhere(why: str) -> Resolver:
    def refuse(_place: str) -> NoReturn:
        raise Unresolvable(why)

    return refuse
