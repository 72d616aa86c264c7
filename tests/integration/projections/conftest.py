from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest

from countersign.eventstore.databases import Databases
from countersign.eventstore.leases import Leases
from countersign.eventstore.wakeups import Wakeups
from countersign.projections.catalogue import PROJECTIONS
from countersign.projections.following.freshness import Freshness
from countersign.projections.following.runner import Options, Runner
from countersign.projections.projection import Projection
from tests.furniture import Furnish, complete
from tests.integration.projections.desk import Desk
from tests.integration.projections.story import Story

MakeRunner = Callable[..., Runner]


@pytest.fixture(scope="session")
def furnish() -> Furnish:
    return complete


@pytest.fixture
def story(databases: Databases, wakeups: Wakeups) -> Story:
    return Story(databases, wakeups)


@pytest.fixture
def make_runner(story: Story) -> MakeRunner:
    def make(
        holder: str = "first",
        projections: Iterable[Projection] = PROJECTIONS,
        lease_ttl_s: float = 30.0,
        batch_size: int = 1000,
        letters_max: int = 1000,
    ) -> Runner:
        read = story.databases.read
        options = Options(batch_size=batch_size, letters_max=letters_max, lease_ttl_s=lease_ttl_s, poll_s=0.2)
        decode = story.store.mapper.happened
        return Runner(story.log, decode, read, Leases(read), story.wakeups, projections, holder, options)

    return make


@pytest.fixture
def runner(make_runner: MakeRunner) -> Runner:
    return make_runner()


@pytest.fixture
def freshness(story: Story) -> Freshness:
    return Freshness(story.databases.read, story.log, story.wakeups, PROJECTIONS)


@pytest.fixture
def desk(story: Story) -> Desk:
    return Desk(story)
