"""From where nobody may call: blocked networks, in one list for the whole service."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final, Self
from uuid import UUID

from countersign.aggregates.root import DomainError, Personal, Root, derived_id

ACCESS_POLICY_ID: Final = derived_id("access_policy")
MOST_BLOCKS: Final = 10_000


class NetworkNotBlocked(DomainError):
    """There is no such block in force."""

    code = "network_not_blocked"
    status = 404


class TooManyBlocks(DomainError):
    """The list is full: block a wider network, or lift what is not needed."""

    code = "too_many_blocks"


class BlockInThePast(DomainError):
    """A block ends after it begins."""

    code = "block_in_the_past"
    status = 422


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkBlock:
    """One blocked network; `subject` is found by the network and is whose key its address is kept under."""

    SUBJECT: ClassVar[str] = "subject"

    subject: UUID
    network: Personal
    reason: str
    since: datetime
    until: datetime | None
    automatic: bool

    def holds(self, at: datetime) -> bool:
        """Whether it is still in force."""
        return self.until is None or at < self.until


class AccessPolicy(Root):
    """The one list of blocked networks. Blocks that have run out leave it when the next one is entered."""

    TOPIC = "access_policy"
    blocks: tuple[NetworkBlock, ...] = ()

    class Created(Root.Created):
        TOPIC = "access_policy.opened"

    class NetworkBlocked(Root.Event):
        TOPIC = "access_policy.network_blocked"
        SUBJECT = "subject"
        subject: UUID
        network: Personal
        reason: str
        until: datetime | None
        automatic: bool

        def apply(self, policy: AccessPolicy) -> None:
            block = NetworkBlock(
                subject=self.subject,
                network=self.network,
                reason=self.reason,
                since=self.timestamp,
                until=self.until,
                automatic=self.automatic,
            )
            others = (one for one in policy.in_force(self.timestamp) if one.subject != self.subject)
            policy.blocks = (*others, block)

    class NetworkUnblocked(Root.Event):
        TOPIC = "access_policy.network_unblocked"
        subject: UUID

        def apply(self, policy: AccessPolicy) -> None:
            policy.blocks = tuple(one for one in policy.blocks if one.subject != self.subject)

    @classmethod
    def open(cls, at: datetime) -> Self:
        """Start the list, with the first block."""
        return cls._create(cls.Created, id=ACCESS_POLICY_ID, timestamp=at)

    def block(
        self,
        at: datetime,
        subject: UUID,
        network: str,
        *,
        reason: str,
        until: datetime | None,
        automatic: bool = False,
    ) -> None:
        """Let nobody from that network in; a block that is there is replaced, but never by an automatic one.

        Raises:
            BlockInThePast: it would have run out already.
            TooManyBlocks: the list is full.
        """
        if until is not None and until <= at:
            raise BlockInThePast("the block would have run out already", (("/until", "is in the past"),))
        held = self.block_of(subject, at)
        if automatic and held is not None:
            return
        if held is None and len(self.in_force(at)) >= MOST_BLOCKS:
            raise TooManyBlocks(f"{MOST_BLOCKS} networks are blocked: lift some first")
        self.trigger_event(
            self.NetworkBlocked,
            timestamp=at,
            subject=subject,
            network=network,
            reason=reason,
            until=until,
            automatic=automatic,
        )

    def unblock(self, at: datetime, subject: UUID) -> None:
        """Lift a block before it runs out.

        Raises:
            NetworkNotBlocked: there is none in force.
        """
        if self.block_of(subject, at) is None:
            raise NetworkNotBlocked("this network is not blocked")
        self.trigger_event(self.NetworkUnblocked, timestamp=at, subject=subject)

    def block_of(self, subject: UUID, at: datetime) -> NetworkBlock | None:
        """The block in force of one network."""
        return next((one for one in self.in_force(at) if one.subject == subject), None)

    def in_force(self, at: datetime) -> tuple[NetworkBlock, ...]:
        """The blocks that hold at a time."""
        return tuple(one for one in self.blocks if one.holds(at))
