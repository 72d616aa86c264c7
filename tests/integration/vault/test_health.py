"""The periodic health check says how Vault stands."""

from __future__ import annotations

from countersign.cli.vault_custody import vault_probe
from countersign.projections.health.reading import Condition
from tests.integration.vault.sections import by_approle, custody
from tests.integration.vault.turned_clock import TurnedClock
from tests.vault_double.vault import Vault


def test_a_sealed_vault_is_a_finding_of_the_health_check(
    vault: Vault, address: str, clock: TurnedClock
) -> None:
    held = custody(by_approle(vault, address, ttl_s=100), clock)
    probe = vault_probe(held)
    assert probe().condition is Condition.OK

    vault.switches.sealed = True
    held.upkeep.round()
    found = probe()

    assert found.condition is Condition.FAILED
    assert found.says.startswith("sealed: Vault at http://localhost:")
    assert found.says.endswith("; what is held ends in 100 s")
