"""How the neighbours stand without which a process goes on only for a while: Vault and the certificate."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Final

from countersign.cli.certificate_standing import RENEW, certificate_standing
from countersign.cli.foundation import utc_now
from countersign.cli.status.problem import Component, Problem, broken, strained
from countersign.cli.vault_custody import Lender, takes_users_from_vault, vault_custody
from countersign.config.settings import Settings
from countersign.config.vault.standing import State, state_of
from countersign.config.vault.trouble import VaultTrouble

_REMEDIES: Final = {
    State.SEALED: "Have it unsealed: `vault operator unseal` on each node. Nothing has to be started again.",
    State.AWAY: "Start it or mend the way to it; docs/runbook.md has what to do when it stays away.",
    State.REFUSED: "Mend the log-in in the section vault or the policy; see Vault in docs/runbook.md.",
}
_MEANWHILE: Final = "What runs goes on with what it holds, nothing new starts"


@dataclass(frozen=True, slots=True)
class Neighbour:
    """One of those that `/readyz` names as `components`, in a word and in a sentence."""

    name: str
    state: str
    says: str


@dataclass(frozen=True, slots=True)
class Visit:
    """What was found, what is to be done about it, and what Vault lends for looking further."""

    neighbours: tuple[Neighbour, ...] = ()
    problems: tuple[Problem, ...] = ()
    vault: Lender | None = None
    lets_in: bool = True


@contextmanager
def visited(settings: Settings) -> Iterator[Visit]:
    """Log in to Vault as the service does until the end, and look at the certificate's files."""
    certificate, wrong = _certificate(settings)
    with ExitStack() as held:
        try:
            vault = held.enter_context(vault_custody(settings))
        except VaultTrouble as trouble:
            state = state_of(trouble)
            found = (Neighbour("vault", state, str(trouble)), *certificate)
            problem = broken(Component.VAULT, f"{trouble}. {_MEANWHILE}.", _REMEDIES[state])
            yield Visit(found, (problem, *wrong), None, not takes_users_from_vault(settings))
            return
        lets_in = f"{settings.vault.address} lets us in"
        yield Visit((*([Neighbour("vault", State.OK, lets_in)] if vault else []), *certificate), wrong, vault)


def _certificate(settings: Settings) -> tuple[tuple[Neighbour, ...], tuple[Problem, ...]]:
    found = certificate_standing(settings, utc_now())
    if found is None:
        return (), ()
    neighbour = Neighbour("certificate", found.state, found.says)
    if found.is_fine:
        return (neighbour,), ()
    if found.is_usable:
        what = f"The TLS certificate is to be renewed: {found.says}."
        return (neighbour,), (strained(Component.CERTIFICATE, what, RENEW),)
    what = f"The TLS certificate cannot be used: {found.says}."
    return (neighbour,), (broken(Component.CERTIFICATE, what, RENEW),)
