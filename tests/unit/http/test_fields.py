from __future__ import annotations

from typing import Any

import pytest

from countersign.http.bodies import Form
from countersign.http.fields import Instant
from countersign.http.problems import Refusal


class Timed(Form):
    at: Instant


def test_a_time_is_read_with_its_zone() -> None:
    assert Timed.parse({"at": "2026-03-18T14:00:00+02:00"}).at.isoformat() == "2026-03-18T12:00:00+00:00"


@pytest.mark.parametrize(
    "given", ["0.5", "1767225600", "٢٠٢٦-03-18T12:00:00Z", 1767225600, 0.5, True, "2026"]
)
def test_a_number_is_no_time(given: Any) -> None:
    with pytest.raises(Refusal) as refused:
        Timed.parse({"at": given})

    assert refused.value.status == 422
