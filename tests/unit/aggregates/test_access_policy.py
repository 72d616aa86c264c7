from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from countersign.aggregates import access_policy
from countersign.aggregates.access_policy import (
    ACCESS_POLICY_ID,
    AccessPolicy,
    BlockInThePast,
    NetworkNotBlocked,
    TooManyBlocks,
)

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SOON, LATER = AT + timedelta(hours=1), AT + timedelta(hours=2)
ONE, OTHER = UUID(int=1), UUID(int=2)
NETWORK = "192.0.2.0/24"


@pytest.fixture
def policy() -> AccessPolicy:
    policy = AccessPolicy.open(AT)
    policy.block(AT, ONE, NETWORK, reason="scans", until=SOON)
    return policy


def test_a_block_holds_until_its_time_and_not_longer(policy: AccessPolicy) -> None:
    (block,) = policy.in_force(AT)

    assert (policy.id, block.network, block.reason, block.since) == (ACCESS_POLICY_ID, NETWORK, "scans", AT)
    assert block.holds(SOON - timedelta(seconds=1))
    assert not block.holds(SOON)


def test_a_block_without_an_end_holds_for_good() -> None:
    policy = AccessPolicy.open(AT)
    policy.block(AT, ONE, NETWORK, reason="scans", until=None)

    assert policy.block_of(ONE, AT + timedelta(days=5_000)) is not None


def test_a_network_that_is_blocked_again_has_one_block(policy: AccessPolicy) -> None:
    policy.block(AT, ONE, NETWORK, reason="worse", until=LATER)

    assert [(block.reason, block.until) for block in policy.blocks] == [("worse", LATER)]


def test_the_service_does_not_shorten_what_is_decided(policy: AccessPolicy) -> None:
    policy.block(AT, ONE, NETWORK, reason="refused 100 times", until=LATER, automatic=True)

    assert [block.reason for block in policy.blocks] == ["scans"]


def test_what_has_run_out_leaves_the_list_with_the_next_block(policy: AccessPolicy) -> None:
    policy.block(LATER, OTHER, "198.51.100.0/24", reason="scans", until=None, automatic=True)

    assert [block.subject for block in policy.blocks] == [OTHER]


def test_a_block_that_was_lifted_no_longer_holds(policy: AccessPolicy) -> None:
    policy.unblock(AT, ONE)

    assert policy.in_force(AT) == ()
    with pytest.raises(NetworkNotBlocked):
        policy.unblock(AT, ONE)


def test_a_block_that_has_run_out_cannot_be_lifted(policy: AccessPolicy) -> None:
    with pytest.raises(NetworkNotBlocked):
        policy.unblock(SOON, ONE)


def test_a_block_ends_after_it_begins(policy: AccessPolicy) -> None:
    with pytest.raises(BlockInThePast):
        policy.block(SOON, OTHER, NETWORK, reason="scans", until=SOON)


def test_the_list_has_an_end(policy: AccessPolicy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access_policy, "MOST_BLOCKS", 1)

    with pytest.raises(TooManyBlocks):
        policy.block(AT, OTHER, "198.51.100.0/24", reason="scans", until=None)
    policy.block(AT, ONE, NETWORK, reason="the same again", until=None)
