"""Who may block which network, and what keeps them from locking everybody out."""

from __future__ import annotations

from datetime import timedelta

import pytest

from countersign.aggregates.access_policy import NetworkNotBlocked
from countersign.aggregates.network import InvalidNetwork
from countersign.commands.access_policy.block_attacking_network import BlockAttackingNetwork
from countersign.commands.access_policy.block_network import BlockNetwork, WouldLockOut
from countersign.commands.access_policy.unblock_network import UnblockNetwork
from countersign.commands.permit import NotPermitted
from tests.unit.commands.edge.conftest import NOW, Edge

SOON = NOW + timedelta(minutes=15)


def blocked(edge: Edge) -> list[str]:
    return [str(block.network) for block in edge.policy.in_force(edge.now)]


def test_an_administrator_blocks_a_network_and_lifts_the_block(edge: Edge) -> None:
    edge.give(BlockNetwork(network="192.0.2.9/24", reason="scans"), edge.administrator)
    assert blocked(edge) == ["192.0.2.0/24"]

    (block,) = edge.policy.blocks
    edge.give(UnblockNetwork(block_id=block.subject), edge.administrator)
    assert blocked(edge) == []


def test_the_address_of_a_block_is_sealed_in_the_log(edge: Edge) -> None:
    edge.give(BlockNetwork(network="192.0.2.0/24", reason="scans"), edge.administrator)

    assert all(b"192.0.2" not in recorded.state for recorded in edge.log.read(0, 1000))


@pytest.mark.parametrize(
    ("network", "ip"),
    [
        ("192.0.2.0/24", "192.0.2.77"),
        ("127.0.0.1", ""),
        ("0.0.0.0/0", "192.0.2.77"),
        ("::/0", "2001:db8::1"),
        ("::1", ""),
        ("10.0.0.0/7", ""),
    ],
)
def test_a_block_that_would_lock_out_needs_force(edge: Edge, network: str, ip: str) -> None:
    with pytest.raises(WouldLockOut):
        edge.give(BlockNetwork(network=network, reason="oops"), edge.administrator, ip)

    edge.give(BlockNetwork(network=network, reason="meant", force=True), edge.administrator, ip)
    assert len(blocked(edge)) == 1


def test_what_is_no_network_is_not_blocked(edge: Edge) -> None:
    with pytest.raises(InvalidNetwork):
        edge.give(BlockNetwork(network="example.com", reason="scans"), edge.administrator)


def test_the_service_blocks_for_a_while_and_once(edge: Edge) -> None:
    attack = BlockAttackingNetwork(network="198.51.100.7/32", reason="refused 100 times", until=SOON)
    edge.give(attack)
    edge.give(attack)

    (block,) = edge.policy.blocks
    assert (block.automatic, block.until) == (True, SOON)
    assert [one.topic for one in edge.happened()] == ["access_policy.opened", "access_policy.network_blocked"]


def test_the_service_never_blocks_this_machine(edge: Edge) -> None:
    with pytest.raises(WouldLockOut):
        edge.give(BlockAttackingNetwork(network="127.0.0.1", reason="refused", until=SOON))


@pytest.mark.parametrize("block_first", [True, False])
def test_what_is_not_blocked_cannot_be_unblocked(edge: Edge, block_first: bool) -> None:
    if block_first:
        edge.give(BlockNetwork(network="192.0.2.0/24", reason="scans"), edge.administrator)

    with pytest.raises(NetworkNotBlocked):
        edge.give(UnblockNetwork(block_id=edge.administrator), edge.administrator)


def test_an_operator_blocks_nothing(edge: Edge) -> None:
    for command in (
        BlockNetwork(network="192.0.2.0/24", reason="scans"),
        UnblockNetwork(block_id=edge.operator),
        BlockAttackingNetwork(network="192.0.2.0/24", reason="scans", until=SOON),
    ):
        with pytest.raises(NotPermitted):
            edge.give(command, edge.operator)
