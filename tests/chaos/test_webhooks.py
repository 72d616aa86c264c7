"""Many deliveries, workers killed among them, endpoints that fail: none lost, the same id each time.

CHAOS_DELIVERIES and CHAOS_KILLS make it as large as you like: `make chaos` takes 1,000 and 50.
"""

from __future__ import annotations

import logging
import os
import time
from collections import Counter
from collections.abc import Collection, Iterator
from pathlib import Path
from random import Random

import pytest

from countersign.aggregates.webhook.delivery import DeliveryStatus, WebhookDelivery
from countersign.commands.webhook.resend_delivery import ResendDelivery
from countersign.eventstore.databases import Databases
from countersign.eventstore.open_log import open_log
from countersign.eventstore.wakeups import Wakeups
from tests.chaos.moody_receiver import Mood, MoodyReceiver, moody_receiver
from tests.chaos.nursery import Nursery
from tests.chaos.tellers import tellers
from tests.integration.workers.webhooks.plant import WebhookPlant
from tests.unit.commands.documents.office import Course

pytestmark = [pytest.mark.slow, pytest.mark.chaos]
logger = logging.getLogger(__name__)

DELIVERIES = int(os.environ.get("CHAOS_DELIVERIES", "60"))
KILLS = int(os.environ.get("CHAOS_KILLS", "3"))
SEED = int(os.environ.get("CHAOS_SEED", "1"))
LEASE_S = float(os.environ.get("CHAOS_LEASE_S", "1"))
ENDPOINTS = 4
WORKERS = 2
PATIENCE_S = 60 + DELIVERIES / 4 + 3 * KILLS * LEASE_S


@pytest.fixture
def plant(databases: Databases, wakeups: Wakeups, tmp_path: Path) -> WebhookPlant:
    return WebhookPlant(databases, open_log(databases, wakeups), wakeups, tmp_path)


@pytest.fixture
def receiver() -> Iterator[MoodyReceiver]:
    with moody_receiver(Random(SEED)) as endpoints:
        yield endpoints


def test_whatever_befalls_workers_and_endpoints_nothing_is_lost_and_what_comes_twice_is_known(
    plant: WebhookPlant, receiver: MoodyReceiver, database_url: str
) -> None:
    base = f"http://127.0.0.1:{receiver.port}"
    webhooks = {f"/{n}": plant.registered(f"{base}/{n}") for n in range(ENDPOINTS)}
    happened = things_happen(plant)
    with tellers(database_url, LEASE_S) as workers:
        began = kill_among_the_calls(receiver, workers, Random(SEED))
        given_up = wait_until_arrived(plant)

    assert set(receiver.taken) == set(webhooks)
    for taken in receiver.taken.values():
        assert {each.position for each in taken} == happened, "lost, or never happened"
        assert len({(each.position, each.id, each.body) for each in taken}) == len(happened), "another id"
        in_order = [each.position for each in taken if each.position not in given_up]
        assert in_order == sorted(in_order), "overtaken"
    twice = receiver.count - DELIVERIES
    assert twice >= receiver.met.count(Mood.CUTS_AFTER)
    logger.warning(
        "%s deliveries to %s endpoints, %s kills: 0 lost in %.1f s; %s came twice under their id; %s; "
        "%s sent once more after two crashes",
        *(DELIVERIES, ENDPOINTS, KILLS, time.monotonic() - began, twice),
        {str(mood): count for mood, count in sorted(Counter(receiver.met).items())},
        len(given_up),
    )


def things_happen(plant: WebhookPlant) -> Collection[int]:
    """Reports are begun; returns where in the log that stands."""
    for _ in range(DELIVERIES // ENDPOINTS):
        Course(plant).create()
    return {each.position for each in plant.events() if each.topic == "report.created"}


def kill_among_the_calls(receiver: MoodyReceiver, workers: Nursery, random: Random) -> float:
    """Each worker that is killed is replaced; the kills are spread over the deliveries."""
    for _ in range(WORKERS):
        workers.bear()
    began = time.monotonic()
    for kill in range(KILLS):
        while receiver.count < 1 + kill * DELIVERIES / (KILLS + 1):
            assert time.monotonic() < began + PATIENCE_S, f"{receiver.count} came"
            time.sleep(0.005)
        time.sleep(random.random() * 0.05)
        workers.kill(random.choice(workers.living))
        workers.bear()
    return began


def wait_until_arrived(plant: WebhookPlant) -> Collection[int]:
    """An operator sends once more what was given up, since its worker was lost twice; where that happened."""
    until, given_up = time.monotonic() + PATIENCE_S, set[int]()
    while True:
        deliveries = plant.deliveries()
        for each in deliveries:
            if each.status is DeliveryStatus.DEAD_LETTERED:
                plant.give(ResendDelivery(delivery_id=each.id, reason="its worker was lost"), plant.olga)
                given_up.add(each.position)
        if len(deliveries) == DELIVERIES and all(map(_has_arrived, deliveries)):
            return given_up
        assert time.monotonic() < until, Counter(str(each.status) for each in deliveries)
        time.sleep(0.2)


def _has_arrived(delivery: WebhookDelivery) -> bool:
    return delivery.status is DeliveryStatus.SUCCEEDED
