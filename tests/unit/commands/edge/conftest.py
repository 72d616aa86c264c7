"""The commands of the edge over a real log, with an administrator and an operator."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from countersign.aggregates.access_policy import ACCESS_POLICY_ID, AccessPolicy
from countersign.aggregates.account import Account
from countersign.aggregates.role import Role
from countersign.cli.aggregate_classes import AGGREGATES
from countersign.commands.access_policy.block_attacking_network import (
    BlockAttackingNetwork,
    block_attacking_network,
)
from countersign.commands.access_policy.block_network import BlockNetwork, block_network
from countersign.commands.access_policy.unblock_network import UnblockNetwork, unblock_network
from countersign.commands.dispatch import Dispatcher
from countersign.commands.security_event.record_security_event import (
    RecordSecurityEvent,
    record_security_event,
)
from countersign.eventstore.context import SYSTEM, Context
from countersign.eventstore.databases import DatabaseOptions, Databases
from countersign.eventstore.mapper import Happened
from countersign.eventstore.metadata import Client, Metadata
from countersign.eventstore.open_log import open_log
from countersign.eventstore.open_store import StoreOptions, create_tables, open_store
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.wakeups import NoWakeups

HANDLERS: dict[type, Callable[..., Receipt]] = {
    BlockNetwork: block_network,
    BlockAttackingNetwork: block_attacking_network,
    UnblockNetwork: unblock_network,
    RecordSecurityEvent: record_security_event,
}
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@dataclass
class Edge:
    """The command side, and who may give which command."""

    databases: Databases

    def __post_init__(self) -> None:
        self.now = NOW
        self.held = ExitStack()
        self.log = open_log(self.databases, NoWakeups("a test"))
        options = StoreOptions(master_key=b"m" * 32, lookup_key=b"l" * 32)
        self.store = open_store(self.databases, self.log, AGGREGATES, options)
        self.dispatcher = Dispatcher(HANDLERS, self.store, self.log, lambda: self.now)
        self.administrator = self._somebody(Role.ADMINISTRATOR)
        self.operator = self._somebody(Role.OPERATOR)

    def give(self, command: Any, actor: UUID = SYSTEM, ip: str = "") -> Receipt:
        """Give a command from an address."""
        context = Context(
            actor=actor, command_key=str(uuid4()), correlation="test", client=Client(ip=ip), fresh_key=True
        )
        return self.dispatcher.dispatch(command, context)

    @property
    def policy(self) -> AccessPolicy:
        """The list of blocks as the log has it."""
        found = self.store.aggregates.find(AccessPolicy, ACCESS_POLICY_ID)
        assert found is not None
        return found

    def happened(self) -> list[Happened]:
        """What these tests did."""
        own = ("access_policy", "security_event")
        everything = map(self.store.mapper.happened, self.log.read(0, 1000))
        return [one for one in everything if one.topic.startswith(own)]

    def _somebody(self, role: Role) -> UUID:
        account = Account.register(
            uuid4(),
            self.now,
            name="Kim Vega",
            email=f"{role}@example.com",
            email_identity=uuid4(),
            password_hash="-",
            requested_role=role,
        )
        account.approve(self.now, role)
        events = list(account.collect_events())
        metadata = Metadata(actor=SYSTEM, correlation="test", command="Test", command_key="key")
        self.store.recorder.record(
            [self.store.mapper.to_stored_event(event) for event in events],
            metadata=[
                self.store.mapper.encode_metadata(metadata, event.originator_id, event.originator_version)
                for event in events
            ],
        )
        return account.id


@pytest.fixture
def edge(tmp_path: Path) -> Iterator[Edge]:
    databases = Databases(DatabaseOptions(url=f"sqlite:///{tmp_path}"))
    create_tables(databases)
    yield Edge(databases)
    databases.close()
