from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.integration.vault.turned_clock import TurnedClock
from tests.vault_double.server import serving
from tests.vault_double.vault import Vault


@pytest.fixture
def clock() -> TurnedClock:
    return TurnedClock()


@pytest.fixture
def vault(clock: TurnedClock) -> Vault:
    """A Vault whose time only passes when a test turns the clock."""
    return Vault(clock)


@pytest.fixture
def address(vault: Vault) -> Iterator[str]:
    with serving(vault) as address:
        yield address
