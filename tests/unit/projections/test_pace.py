from __future__ import annotations

from countersign.projections.building.pace import Pace


def test_what_was_done_before_anybody_looked_is_no_pace() -> None:
    told: list[tuple[int, int, float]] = []
    pace = Pace(lambda *how_far: told.append(how_far))
    pace.told(10_000, 12_000)
    pace.told(10_000, 12_000)
    pace.told(11_000, 12_000)
    assert told[:2] == [(10_000, 12_000, 0.0)] * 2
    assert told[2][2] > 0


def test_a_pace_counts_from_where_the_work_began() -> None:
    told: list[float] = []
    pace = Pace(lambda _done, _total, rate: told.append(rate))
    pace.begin(500)
    pace.told(500, 1_000)
    pace.told(600, 1_000)
    assert told[0] == 0.0
    assert told[1] > 0
