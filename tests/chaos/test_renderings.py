"""Many documents, workers killed among them: none lost, each content made into one document.

CHAOS_DOCUMENTS and CHAOS_KILLS make it as large as you like: `make chaos` takes 300 and 50.
"""

from __future__ import annotations

import logging
import os
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random
from uuid import UUID

import pytest

from countersign.aggregates.render_order import Kind
from countersign.commands.rendering.retry_rendering import RetryRendering
from countersign.commands.template.install_template import InstallTemplate
from countersign.eventstore.databases import Databases
from countersign.eventstore.open_log import open_log
from countersign.eventstore.wakeups import Wakeups
from tests.chaos.nursery import PRINTERS, Nursery, nursery
from tests.chaos.printing import Printing
from tests.integration.workers.plant import Plant, a_template
from tests.unit.commands.documents.office import Course

pytestmark = [pytest.mark.slow, pytest.mark.chaos]
logger = logging.getLogger(__name__)

DOCUMENTS = int(os.environ.get("CHAOS_DOCUMENTS", "6"))
KILLS = int(os.environ.get("CHAOS_KILLS", "2"))
SEED = int(os.environ.get("CHAOS_SEED", "1"))
LEASE_S = float(os.environ.get("CHAOS_LEASE_S", "1"))
WORKERS = 2
NO_MAIL = 9
LETTERS = "{% for a in purpose.text %}"
SLOW = f"{LETTERS * 4}{'{% endfor %}' * 4}Made."  # long enough for a kill to meet it
PATIENCE_S = 60 + DOCUMENTS + 3 * KILLS * LEASE_S


@pytest.fixture
def plant(databases: Databases, wakeups: Wakeups, tmp_path: Path) -> Plant:
    plant = Plant(databases, open_log(databases, wakeups), wakeups, tmp_path)
    plant.give(InstallTemplate(slug="mini", name="Slow", report_type="MINI", content=a_template(SLOW)))
    return plant


def test_whatever_befalls_workers_no_document_is_lost_and_none_is_made_twice(
    plant: Plant, database_url: str
) -> None:
    ordered = order_documents(plant)
    printing = Printing(plant, ordered)
    with nursery(database_url, NO_MAIL, LEASE_S, PRINTERS) as workers:
        began, kills = kill_among_the_work(printing, workers, Random(SEED))
        poisoned = wait_until_made(plant, printing)

    assert printing.read_on().made == Counter(dict.fromkeys(ordered, 1))
    begun = printing.beginnings
    assert begun > DOCUMENTS, "no kill has met a worker at work"
    logger.warning(
        "%s documents, %s kills: all made once in %.1f s; %s begun in vain, %s given up after two crashes",
        *(DOCUMENTS, kills, time.monotonic() - began, begun - DOCUMENTS, poisoned),
    )


def order_documents(plant: Plant) -> Sequence[UUID]:
    """Each is ordered twice: the same content is the same document."""
    courses = [Course(plant) for _ in range(DOCUMENTS)]
    for course in courses:
        course.complete()
    ordered = [course.order(Kind.DRAFT) for course in courses]
    assert [course.order(Kind.DRAFT) for course in courses] == ordered
    return ordered


def kill_among_the_work(printing: Printing, workers: Nursery, random: Random) -> tuple[float, int]:
    """Each worker that is killed has a document in hand, and is replaced; kills are spread over documents.

    When it began, and how many were killed: fewer when there is no work left to kill them at.
    """
    for _ in range(WORKERS):
        workers.bear()
    began = time.monotonic()
    for kill in range(KILLS):
        while not (busy := at_work(printing, workers, after=kill * DOCUMENTS // (KILLS + 1))):
            if printing.settled == DOCUMENTS:
                return began, kill
            assert time.monotonic() < began + PATIENCE_S, f"{kill} of {KILLS} kills"
            time.sleep(0.005)
        time.sleep(random.random() * 0.03)
        workers.kill(random.choice(sorted(busy)))
        workers.bear()
    return began, KILLS


def at_work(printing: Printing, workers: Nursery, after: int) -> set[str]:
    """Who of the living has begun a document that is not made, once so many are made."""
    printing.read_on()
    return printing.busy(workers.living) if printing.made.total() >= after else set()


def wait_until_made(plant: Plant, printing: Printing) -> int:
    """An operator takes up again what was given up, since its worker was lost twice; how many that were."""
    until, poisoned = time.monotonic() + PATIENCE_S, 0
    while len(printing.read_on().made) < DOCUMENTS:
        assert time.monotonic() < until, f"{len(printing.made)} of {DOCUMENTS} documents are made"
        for document in printing.given_up:
            plant.give(RetryRendering(rendering_id=document), plant.olga)
            poisoned += 1
        time.sleep(0.1)
    return poisoned
