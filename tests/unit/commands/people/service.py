"""The command side on a real log in a folder, with a clock that the test moves."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID, uuid4

from countersign.aggregates.account import Account
from countersign.aggregates.api_client import ApiClient
from countersign.aggregates.backup import Backup
from countersign.aggregates.broadcast import Broadcast
from countersign.aggregates.configuration import Configuration
from countersign.aggregates.email_identity import EmailIdentity
from countersign.aggregates.email_message import EmailMessage
from countersign.aggregates.feature_flags import FeatureFlags
from countersign.aggregates.inbox import Inbox
from countersign.aggregates.incident import Incident
from countersign.aggregates.mailbox import Mailbox
from countersign.aggregates.maintenance_job import MaintenanceJob
from countersign.aggregates.operations_report import OperationsReport
from countersign.aggregates.periodic_work import PeriodicWork
from countersign.aggregates.read_model import ReadModel
from countersign.aggregates.registration import Registration
from countersign.aggregates.retention_policy import RetentionPolicy
from countersign.aggregates.role import Role
from countersign.aggregates.root import Root
from countersign.aggregates.roster import Roster
from countersign.aggregates.saved_search import SavedSearch
from countersign.aggregates.schedule.book import ScheduleBook
from countersign.aggregates.schedule.schedule import Schedule
from countersign.aggregates.second_factor import SecondFactor
from countersign.aggregates.secret_ref import SecretRef
from countersign.aggregates.session import Session
from countersign.aggregates.sign_in_throttle import SignInThrottle
from countersign.aggregates.suppression import Suppression
from countersign.aggregates.tls_certificate import TlsCertificate
from countersign.aggregates.webhook.delivery import WebhookDelivery
from countersign.aggregates.webhook.directory import WebhookDirectory
from countersign.aggregates.webhook.subscription import WebhookSubscription
from countersign.commands.account.bootstrap_administrator import BootstrapAdministrator
from countersign.commands.account.register_account import RegisterAccount
from countersign.commands.catalogue import handlers
from countersign.commands.dispatch import Dispatcher
from countersign.commands.options import Options
from countersign.commands.password_hashes import HashCost
from countersign.commands.read_model.known import KnownReadModel
from countersign.commands.session.attempt import require_success
from countersign.commands.session.log_in import LogIn
from countersign.commands.session.reauthenticate import Reauthenticate
from countersign.commands.session.refresh_tokens import RefreshTokens
from countersign.eventstore.context import ANONYMOUS, SYSTEM, Context
from countersign.eventstore.databases import Database, DatabaseOptions, Databases
from countersign.eventstore.mapper import Happened
from countersign.eventstore.metadata import Client
from countersign.eventstore.open_log import open_log
from countersign.eventstore.open_store import StoreOptions, create_tables, open_store
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import EventStore
from countersign.eventstore.wakeups import Listener

AGGREGATES = (
    Account,
    ApiClient,
    Backup,
    Broadcast,
    Configuration,
    EmailIdentity,
    EmailMessage,
    FeatureFlags,
    Inbox,
    Incident,
    Mailbox,
    MaintenanceJob,
    PeriodicWork,
    OperationsReport,
    ReadModel,
    Registration,
    RetentionPolicy,
    Roster,
    SavedSearch,
    Schedule,
    ScheduleBook,
    SecondFactor,
    SecretRef,
    Session,
    SignInThrottle,
    Suppression,
    TlsCertificate,
    WebhookDelivery,
    WebhookDirectory,
    WebhookSubscription,
)
PASSWORD = "correct horse battery"
A = TypeVar("A", bound=Root)


class Silence:
    """Nobody listens here."""

    degraded = ""

    def signal(self, channel: str) -> None:
        """Wake nobody."""

    def listen(self, *channels: str) -> Listener:
        raise AssertionError(channels)

    def close(self) -> None:
        """Nothing was opened."""


class Service:
    """The command side on a folder of its own, with a clock that the test moves."""

    BEGAN = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)

    def __init__(self, folder: Path, snapshot_every: int = 50) -> None:
        self.now = self.BEGAN
        self._databases = Databases(DatabaseOptions(url=f"sqlite:////{folder}"))
        create_tables(self._databases)
        self.log = open_log(self._databases, Silence())
        self._snapshot_every = snapshot_every
        self.shared = self.another_store()
        self.options = Options(
            refresh_key=b"r" * 32,
            second_factor_key=b"f" * 32,
            api_key_secret=b"a" * 32,
            one_time_key=b"o" * 32,
            features=frozenset({"metrics"}),
            periodic_work=frozenset({"clean_up"}),
            read_models={"people": KnownReadModel(version=1)},
            password_cost=HashCost(memory_kib=8, passes=1),
        )
        self.tokens = RefreshTokens(self.options.refresh_key)
        self.dispatcher = self.another_dispatcher()
        self._keys = itertools.count(1)
        self.network = "192.0.2.1"

    def another_dispatcher(self, **changes: Any) -> Dispatcher:
        """The way in, with other options."""
        options = replace(self.options, **changes)
        return Dispatcher(handlers(options), self.shared, self.log, lambda: self.now)

    def another_store(self) -> EventStore:
        """The store of another process, which remembers nothing."""
        options = StoreOptions(
            master_key=b"m" * 32, lookup_key=b"l" * 32, snapshot_every=self._snapshot_every
        )
        return open_store(self._databases, self.log, AGGREGATES, options)

    def bootstrap(self) -> UUID:
        """The first administrator."""
        account = uuid4()
        self.give(
            BootstrapAdministrator(
                account_id=account, name="Ada Root", email="ada@example.com", password=PASSWORD
            )
        )
        return account

    def later(self, **by: float) -> None:
        """Let time pass."""
        self.now += timedelta(**by)

    def give(
        self, command: Any, actor: UUID = SYSTEM, session: UUID | None = None, key: str | None = None
    ) -> Receipt:
        """Give a command, under a new key unless one is given."""
        command_key = key or f"key-{next(self._keys)}"
        context = Context(
            actor=actor,
            session=session,
            command_key=command_key,
            correlation="test",
            client=Client(ip=self.network, agent="test"),
        )
        return self.dispatcher.dispatch(command, context)

    def state(self, cls: type[A], stream: UUID) -> A:
        """An aggregate as the log has it."""
        found = self.shared.aggregates.find(cls, stream)
        assert found is not None
        return found

    def happened(self) -> list[Happened]:
        """Everything in the log."""
        return [self.shared.mapper.happened(recorded) for recorded in self.log.read(0, 1000)]

    def topics(self) -> list[str]:
        """What has happened, by name."""
        return [happened.topic for happened in self.happened()]

    @property
    def shared_keys(self) -> Database:
        """Where the keys of people lie."""
        return self._databases.keys

    def close(self) -> None:
        """Give the folder back."""
        self._databases.close()

    def sign_in(self, email: str, password: str = PASSWORD, code: str | None = None) -> UUID:
        """A new session of that person."""
        session = uuid4()
        self.attempt(LogIn(session_id=session, email=email, password=password, code=code), ANONYMOUS)
        return session

    def attempt(self, command: LogIn | Reauthenticate, actor: UUID, session: UUID | None = None) -> None:
        """Try to prove who one is, and be refused as a caller is."""
        receipt = self.give(command, actor, session)
        require_success(self.shared.aggregates, receipt, command.session_id)


def registration(account_id: UUID, role: Role) -> RegisterAccount:
    """A faultless newcomer."""
    return RegisterAccount(
        account_id=account_id,
        name="Kim Vega",
        email=f"{role}@example.com",
        password=PASSWORD,
        role=role,
    )
