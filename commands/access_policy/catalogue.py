"""Every command about networks that are kept out, and the handler that decides it."""

from __future__ import annotations

from collections.abc import Mapping

from countersign.commands.access_policy.block_attacking_network import (
    BlockAttackingNetwork,
    block_attacking_network,
)
from countersign.commands.access_policy.block_network import BlockNetwork, block_network
from countersign.commands.access_policy.unblock_network import UnblockNetwork, unblock_network
from countersign.commands.handler import Handler


def handlers() -> Mapping[type, Handler]:
    """The handlers by the class of their message."""
    return {
        BlockNetwork: block_network,
        BlockAttackingNetwork: block_attacking_network,
        UnblockNetwork: unblock_network,
    }
