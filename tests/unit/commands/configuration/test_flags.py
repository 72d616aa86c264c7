"""Who switches the parts of the service, and how each process comes to know."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest

from countersign.aggregates.configuration import CONFIGURATION_ID, Configuration
from countersign.aggregates.feature_flags import FEATURE_FLAGS_ID, FeatureFlags
from countersign.aggregates.role import Role
from countersign.commands.configuration.flag_reader import FlagReader
from countersign.commands.configuration.record_rejection import RecordRejection
from countersign.commands.configuration.record_reload import RecordReload
from countersign.commands.configuration.set_feature_flag import (
    SetFeatureFlag,
    UnknownFlag,
    set_feature_flag,
)
from countersign.commands.permit import NotPermitted
from countersign.eventstore.aggregates import Aggregates
from countersign.eventstore.databases import DatabaseOptions, Databases
from countersign.eventstore.open_log import open_log
from countersign.eventstore.open_store import StoreOptions, open_store
from countersign.eventstore.watched import AWAY_S, FRESH_S
from tests.unit.commands.people.service import AGGREGATES, Service, Silence, registration

CONFIGURED = {"docs_pages": True, "metrics": False}
OFF = SetFeatureFlag(name="docs_pages", enabled=False, reason="the network is closed")


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    running = Service(tmp_path)
    running.dispatcher._handlers = {
        **running.dispatcher._handlers,
        SetFeatureFlag: partial(set_feature_flag, features=frozenset(CONFIGURED)),
    }
    yield running
    running.close()


@pytest.fixture
def administrator(service: Service) -> UUID:
    return service.bootstrap()


class Watch:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def reader(service: Service, watch: Watch) -> FlagReader:
    return FlagReader(service.another_store().aggregates, CONFIGURED, watch)


def test_an_administrator_switches_a_part_of_the_service(service: Service, administrator: UUID) -> None:
    service.give(OFF, administrator)
    service.give(SetFeatureFlag(name="metrics", enabled=True, reason="Prometheus came"), administrator)

    flags = service.state(FeatureFlags, FEATURE_FLAGS_ID)
    assert (flags.state_of("docs_pages"), flags.state_of("metrics")) == (False, True)
    assert service.topics()[-3:] == ["feature_flag.list_opened", "feature_flag.set", "feature_flag.set"]


def test_nobody_else_does(service: Service, administrator: UUID) -> None:
    for number, role in enumerate(set(Role) - {Role.ADMINISTRATOR}):
        person = UUID(int=number + 1)
        service.give(registration(person, role), administrator)
        with pytest.raises(NotPermitted):
            service.give(OFF, person)
    with pytest.raises(NotPermitted):
        service.give(OFF)


def test_an_unknown_flag_is_refused_with_the_list_of_those_there_are(
    service: Service, administrator: UUID
) -> None:
    with pytest.raises(UnknownFlag) as refusal:
        service.give(SetFeatureFlag(name="warp", enabled=True, reason="why not"), administrator)

    assert (refusal.value.code, refusal.value.status) == ("unknown_feature_flag", 422)
    assert refusal.value.detail.endswith("docs_pages, metrics")


def test_a_flag_stands_as_configured_until_somebody_sets_it(service: Service, administrator: UUID) -> None:
    watch = Watch()
    flags = reader(service, watch)
    assert (flags.enabled("docs_pages"), flags.enabled("metrics")) == (True, False)

    service.give(OFF, administrator)
    watch.now_s += FRESH_S

    assert (flags.enabled("docs_pages"), flags.enabled("metrics")) == (False, False)


def test_another_process_notices_a_change_within_a_second_and_does_not_look_before(
    service: Service, administrator: UUID
) -> None:
    watch = Watch()
    flags = reader(service, watch)
    assert flags.enabled("docs_pages")
    service.give(OFF, administrator)

    watch.now_s += FRESH_S - 0.01
    assert flags.enabled("docs_pages")
    watch.now_s += 0.01
    assert not flags.enabled("docs_pages")
    assert FRESH_S < 1


def unreachable() -> Aggregates:
    """Of a database that nobody answers for."""
    databases = Databases(DatabaseOptions(url="postgresql://app@127.0.0.1:1/nowhere"))
    keys = StoreOptions(master_key=b"m" * 32, lookup_key=b"l" * 32)
    return open_store(databases, open_log(databases, Silence()), AGGREGATES, keys).aggregates


def test_what_was_known_last_holds_while_the_log_cannot_be_read(
    service: Service, administrator: UUID, caplog: pytest.LogCaptureFixture
) -> None:
    service.give(OFF, administrator)
    watch = Watch()
    flags = reader(service, watch)
    assert not flags.enabled("docs_pages")

    flags._flags._aggregates = unreachable()
    watch.now_s += FRESH_S
    assert not flags.enabled("docs_pages")
    watch.now_s += AWAY_S - 0.01
    assert not flags.enabled("docs_pages")
    assert caplog.messages.count("not looked up, kept as it was known") == 1
    watch.now_s += 0.01
    assert not flags.enabled("docs_pages")
    assert caplog.messages.count("not looked up, kept as it was known") == 2


def test_the_system_notes_how_processes_took_up_their_settings(service: Service, administrator: UUID) -> None:
    taken = RecordReload(source="serve", digest="d1", changed=("logging.level",), restart_needed=())
    service.give(RecordRejection(source="work", errors=("app.yaml:3: http.port",)))
    service.give(taken)
    service.give(RecordRejection(source="work", errors=("app.yaml:4: http.host",)))

    assert service.state(Configuration, CONFIGURATION_ID).digest == "d1"
    assert service.topics()[-4:] == [
        "configuration.history_opened",
        "configuration.rejected",
        "configuration.reloaded",
        "configuration.rejected",
    ]
    for command in (taken, RecordRejection(source="work", errors=())):
        with pytest.raises(NotPermitted):
            service.give(command, administrator)
