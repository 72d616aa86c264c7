"""From where nobody may call: for administrators."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from falcon import Request, Response
from pydantic import Field, StrictBool, StringConstraints

from countersign.aggregates.access_policy import ACCESS_POLICY_ID, AccessPolicy, NetworkBlock
from countersign.aggregates.network import network_of
from countersign.commands.access_policy.block_network import BlockNetwork
from countersign.commands.access_policy.unblock_network import UnblockNetwork
from countersign.http.answers import Answer
from countersign.http.bodies import Form
from countersign.http.calls import answer_receipt, as_left, call_of
from countersign.http.endpoints import command, query
from countersign.http.fields import Instant
from countersign.http.services import Services


class BlockForm(Form):
    """The network in CIDR notation; without `until` for good. `force` blocks even one's own network."""

    network: Annotated[str, StringConstraints(min_length=2, max_length=50), Field(examples=["192.0.2.0/24"])]
    reason: Annotated[str, StringConstraints(min_length=1, max_length=500)]
    until: Instant | None = None
    force: StrictBool = False


class BlockAnswer(Answer):
    """A block that is in force; `automatic` ones were decided by the service."""

    id: UUID
    network: str
    reason: str
    since: datetime
    until: datetime | None
    automatic: bool


class BlocksAnswer(Answer):
    """Every block that is in force."""

    items: list[BlockAnswer]


class NetworkBlocks:
    """`/v1/network-blocks`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @query("Security", action="ViewNetworkBlocks")
    def on_get(self, _req: Request, _resp: Response) -> BlocksAnswer:
        """List the blocked networks."""
        policy = self._services.aggregates.find(AccessPolicy, ACCESS_POLICY_ID)
        blocks = () if policy is None else policy.in_force(self._services.clock())
        return BlocksAnswer(items=[_answer(block) for block in blocks])

    @command("Security", status=201, refusals=(403,))
    def on_post(self, req: Request, resp: Response, form: BlockForm) -> BlockAnswer:
        """Let nobody in from a network; the block holds within a second or so."""
        wanted = BlockNetwork(network=form.network, reason=form.reason, until=form.until, force=form.force)
        receipt = self._services.dispatch(wanted, call_of(req).context)
        policy = as_left(self._services.aggregates, AccessPolicy, ACCESS_POLICY_ID, receipt)
        network = str(network_of(form.network))
        block = next(block for block in policy.blocks if block.network == network)
        answer_receipt(resp, receipt)
        resp.location = f"/v1/network-blocks/{block.subject}"
        return _answer(block)


class OneNetworkBlock:
    """`/v1/network-blocks/{block_id}`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @command("Security", status=204, refusals=(403,))
    def on_delete(self, req: Request, resp: Response, block_id: UUID) -> None:
        """Let a network in again."""
        receipt = self._services.dispatch(UnblockNetwork(block_id=block_id), call_of(req).context)
        answer_receipt(resp, receipt)


def _answer(block: NetworkBlock) -> BlockAnswer:
    return BlockAnswer(
        id=block.subject,
        network=str(block.network),
        reason=block.reason,
        since=block.since,
        until=block.until,
        automatic=block.automatic,
    )
