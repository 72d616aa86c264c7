"""Switching parts of the service, with a reason."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from countersign.aggregates.feature_flags import FeatureFlags, Flag, ReasonNeeded

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def flags() -> FeatureFlags:
    opened = FeatureFlags.open(NOW)
    opened.collect_events()
    return opened


def test_a_flag_that_nobody_set_has_no_state(flags: FeatureFlags) -> None:
    assert flags.state_of("metrics") is None


def test_a_flag_stands_as_it_was_set_last_and_says_why(flags: FeatureFlags) -> None:
    flags.set(NOW, "metrics", "  nobody \n asks ", enabled=False)
    flags.set(LATER, "docs_pages", "the network is closed", enabled=True)

    assert (flags.state_of("metrics"), flags.state_of("docs_pages")) == (False, True)
    assert flags.flags["metrics"] == Flag(enabled=False, reason="nobody asks", set_at=NOW)


def test_setting_what_stands_so_already_records_nothing(flags: FeatureFlags) -> None:
    flags.set(NOW, "metrics", "nobody asks", enabled=False)
    flags.collect_events()

    flags.set(LATER, "metrics", "once more", enabled=False)

    assert not list(flags.collect_events())
    assert flags.flags["metrics"].reason == "nobody asks"


@pytest.mark.parametrize("reason", ["", " \t ", "x" * 501])
def test_who_switches_says_why_and_is_brief(flags: FeatureFlags, reason: str) -> None:
    with pytest.raises(ReasonNeeded) as refusal:
        flags.set(NOW, "metrics", reason, enabled=False)

    assert (refusal.value.code, refusal.value.status) == ("flag_reason_required", 422)
    assert not list(flags.collect_events())
