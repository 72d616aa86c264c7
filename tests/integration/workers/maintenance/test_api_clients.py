"""What is done periodically about API clients, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from countersign.aggregates.api_client import ApiClient, api_client_id
from countersign.aggregates.api_client_terms import Terms
from countersign.commands.maintenance.due_maintenance import DueMaintenance
from countersign.eventstore.leases import Leases
from countersign.projections.building.schema import create
from countersign.projections.following.runner import Runner
from countersign.projections.people import api_clients, api_usage
from countersign.projections.people.api_usage import Usage, add_usage, usage_of
from countersign.projections.projection import Projection
from countersign.workers.course import Course
from countersign.workers.maintenance.api_client_expiry import ApiClientExpiry
from countersign.workers.maintenance.api_usage_roll_up import ApiUsageRollUp
from countersign.workers.rendering.renderer import Renderer
from tests.integration.workers.conftest import Serve
from tests.integration.workers.plant import Plant, read, said, settings
from tests.integration.workers.running import now, running, wait_until
from tests.integration.workers.scripted_server import Script
from tests.unit.commands.documents.office import THE_SYSTEM

LISTED = (Projection("api_clients", api_clients.VERSION, api_clients.project, (api_clients.clients,)),)
CLIENT = api_client_id("aaaabbbbcccc")


@pytest.fixture
def listing(plant: Plant) -> Runner:
    database = plant.databases.read
    create(database, LISTED)
    return Runner(
        plant.log, plant.store.mapper.happened, database, Leases(database), plant.wakeups, LISTED, "test"
    )


def let_in(plant: Plant, ends_in_days: int) -> None:
    """A client of the technical manager, which ends that many days from now."""
    terms = Terms(
        name="Site tablet",
        scopes=("reports:read",),
        rate_limit=10,
        expires_at=now() + timedelta(days=ends_in_days),
    )
    client = ApiClient.create(
        plant.now, prefix="aaaabbbbcccc", creator=plant.tom.account, key_hash="0" * 64, terms=terms
    )
    plant._store(THE_SYSTEM).save(client)


def test_who_created_a_client_is_written_to_once_before_it_ends(
    plant: Plant, listing: Runner, serve: Serve, script: Script
) -> None:
    let_in(plant, ends_in_days=10)
    listing.catch_up()
    plant.give(DueMaintenance(kind="api_client_expiry", due_at=now()))

    with running(*plant.worker(settings(plant.folder, serve()), Renderer())):
        wait_until(lambda: script.received)
    ApiClientExpiry(plant.databases.read, plant.dispatcher, warn_days=14)(now(), Course())

    (envelope,) = script.received
    assert 'the API client "Site tablet" ends on' in str(read(envelope)["Subject"])
    assert "cs_aaaabbbbcccc" in said(read(envelope))
    assert plant.topics().count("api_client.expiring") == 1


def test_a_client_that_ends_later_is_left_in_peace(plant: Plant, listing: Runner) -> None:
    let_in(plant, ends_in_days=20)
    listing.catch_up()

    assert ApiClientExpiry(plant.databases.read, plant.dispatcher, warn_days=14)(now(), Course()) == {
        "expiring_api_clients": "0"
    }
    assert "api_client.expiring" not in plant.topics()


def test_hours_that_are_kept_no_longer_are_rolled_up(plant: Plant) -> None:
    database = plant.databases.read
    api_usage.create_tables(database)
    today = now().replace(minute=0, second=0, microsecond=0)
    long_ago = today - timedelta(days=95)
    add_usage(database, [Usage(CLIENT, "hour", at, 1, 0, 0) for at in (long_ago, today)])

    assert ApiUsageRollUp(database, hours_kept_days=90)(now(), Course()) == {"hours_rolled_up": "1"}

    left = usage_of(database, CLIENT, since=today - timedelta(days=200), before=now(), limit=10)
    assert [each.span for each in left] == ["hour", "day"]
