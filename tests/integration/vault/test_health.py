"""The periodic health check says how Vault stands."""

from __future__ import annotations

from datetime import UTC, datetime

from countersign.cli.vault_custody import vault_probe
from countersign.workers.course import Course
from countersign.workers.maintenance.health_check import HealthCheck
from tests.integration.vault.sections import by_approle, custody
from tests.integration.vault.turned_clock import TurnedClock
from tests.vault_double.vault import Vault


def test_a_sealed_vault_is_a_finding_of_the_health_check(
    vault: Vault, address: str, clock: TurnedClock
) -> None:
    held = custody(by_approle(vault, address, ttl_s=100), clock)
    check = HealthCheck({"vault": vault_probe(held)})
    assert check(datetime.now(UTC), Course()) == {"vault": "ok", "healthy": "yes"}

    vault.switches.sealed = True
    held.upkeep.round()
    found = check(datetime.now(UTC), Course())

    assert found["healthy"] == "no"
    assert found["vault"].startswith("failed: Unhealthy: sealed: Vault at http://localhost:")
    assert found["vault"].endswith("; what is held ends in 100 s")
