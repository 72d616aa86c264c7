"""A second factor: offered, confirmed, used up step by step, and taken away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import pytest

from countersign.aggregates.second_factor import (
    NoEnrolment,
    SecondFactor,
    SecondFactorNotEnabled,
    second_factor_id,
)

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ANNA, ADMIN = UUID(int=1), UUID(int=2)


def offered() -> SecondFactor:
    factor = SecondFactor.open(NOW, ANNA)
    factor.start_enrolment(NOW, "SECRET")
    return factor


def enabled() -> SecondFactor:
    factor = offered()
    factor.enable(NOW, step=100, nonce="first", codes=10)
    factor.collect_events()
    return factor


def test_an_offered_secret_is_not_in_force() -> None:
    factor = offered()

    assert factor.id == second_factor_id(ANNA)
    assert (factor.is_enabled, factor.secret, factor.pending_secret) == (False, None, "SECRET")


def test_a_confirmed_secret_is_in_force_with_ten_codes_and_its_step_is_used_up() -> None:
    factor = enabled()

    assert (factor.is_enabled, factor.enabled_at) == (True, NOW)
    assert (factor.secret, factor.pending_secret, factor.codes_left) == ("SECRET", None, 10)
    assert [factor.accepts_step(step) for step in (99, 100, 101)] == [False, False, True]


def test_nothing_is_confirmed_that_was_not_offered() -> None:
    factor = SecondFactor.open(NOW, ANNA)

    with pytest.raises(NoEnrolment):
        factor.enable(NOW, step=100, nonce="first", codes=10)


def test_the_old_secret_is_in_force_until_the_new_one_is_confirmed() -> None:
    factor = enabled()

    factor.start_enrolment(NOW, "OTHER")
    assert (factor.secret, factor.pending_secret) == ("SECRET", "OTHER")
    factor.enable(NOW, step=101, nonce="second", codes=10)

    assert (factor.secret, factor.backup_nonce, factor.codes_left) == ("OTHER", "second", 10)


def test_a_step_that_was_used_is_used_up_with_all_before_it() -> None:
    factor = enabled()

    factor.consume_step(NOW, 103)

    assert [factor.accepts_step(step) for step in (102, 103, 104)] == [False, False, True]


def test_a_used_backup_code_is_gone_until_new_ones_are_issued() -> None:
    factor = enabled()

    factor.use_backup_code(NOW, 3)
    assert (factor.codes_left, factor.used_codes) == (9, frozenset({3}))
    factor.issue_backup_codes(NOW, "second", 10)

    assert (factor.codes_left, factor.backup_nonce) == (10, "second")


def test_a_disabled_factor_keeps_no_secret_and_no_codes() -> None:
    factor = enabled()

    factor.disable(NOW, ADMIN, "phone lost")

    (event,) = factor.collect_events()
    assert isinstance(event, SecondFactor.Disabled)
    assert (event.account, event.by, event.reason) == (ANNA, ADMIN, "phone lost")
    assert (factor.is_enabled, factor.secret, factor.backup_nonce, factor.codes_left) == (
        False,
        None,
        None,
        0,
    )


def test_without_a_factor_there_is_nothing_to_disable_and_no_code_to_issue() -> None:
    factor = offered()

    refused: list[Callable[[], None]] = [
        lambda: factor.disable(NOW, ANNA, ""),
        lambda: factor.issue_backup_codes(NOW, "nonce", 10),
    ]
    for act in refused:
        with pytest.raises(SecondFactorNotEnabled) as refusal:
            act()
        assert refusal.value.code == "second_factor_not_enabled"
