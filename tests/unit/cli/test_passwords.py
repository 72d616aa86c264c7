"""What a password's hash may cost, on machines of different speed."""

from __future__ import annotations

import pytest

from countersign.cli.passwords import Measure, measure, propose
from countersign.commands.password_hashes import HashCost


def machine(ms_per_mib: float) -> Measure:
    def took(cost: HashCost) -> float:
        return cost.memory_kib / 1024 * cost.passes * ms_per_mib / 1000

    return took


@pytest.mark.parametrize(
    ("ms_per_mib", "target_ms", "most_mib", "expected"),
    [
        (1.0, 100, 64, (65536, 1)),
        (1.0, 150, 64, (65536, 2)),
        (0.1, 1000, 1024, (262144, 10)),
        (2.0, 95, 64, (47104, 1)),
        (2.0, 80, 64, (19456, 2)),
        (1.0, 100, 19, (19456, 5)),
        (50.0, 100, 64, (19456, 2)),
    ],
)
def test_the_proposal_is_the_dearest_within_the_time_and_never_too_cheap(
    ms_per_mib: float, target_ms: float, most_mib: int, expected: tuple[int, int]
) -> None:
    cost = propose(machine(ms_per_mib), target_ms / 1000, most_mib * 1024)

    assert (cost.memory_kib, cost.passes) == expected


def test_more_passes_take_longer_on_this_machine() -> None:
    assert measure(HashCost(memory_kib=8192, passes=8)) > measure(HashCost(memory_kib=8192, passes=1)) > 0
