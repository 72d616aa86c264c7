"""How long an endpoint asks to be left alone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from countersign.workers.webhooks.retry_after import asked_pause_s

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("field", "pause_s"),
    [
        ("", None),
        ("soon", None),
        ("-5", None),
        ("120", 120.0),
        (" 120 ", 120.0),
        ("99999999999999999999", 86_400.0),
        ("Mon, 02 Mar 2026 09:40:00 GMT", 600.0),
        ("Mon, 02 Mar 2026 09:00:00 GMT", 0.0),
        ("Mon, 02 Mar 2026 09:40:00 -0000", 600.0),
        ("Fri, 01 Jan 2100 00:00:00 GMT", 86_400.0),
        ("٣", None),
    ],
)
def test_seconds_or_a_date_up_to_a_day(field: str, pause_s: float | None) -> None:
    assert asked_pause_s(field, NOW) == pause_s
