from __future__ import annotations

import pytest

from countersign.workers.rendering.failures import RenderLimitExceeded
from countersign.workers.rendering.limits import Limits, refuse_too_many_rows


def test_as_many_rows_as_allowed_pass() -> None:
    refuse_too_many_rows({"a": [{"x": 1}] * 2, "b": {"c": [1]}}, Limits(rows=3))


def test_rows_are_counted_at_every_depth() -> None:
    with pytest.raises(RenderLimitExceeded, match="4 rows, at most 3"):
        refuse_too_many_rows({"a": [{"x": [1, 2]}, 1]}, Limits(rows=3))
