"""One of two hosts is cut off from the database: the other does all the work, and the first comes back."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.e2e.failures.customers import Customers
from tests.e2e.failures.database_host import database_host
from tests.e2e.failures.network import Host, network, why_no_network
from tests.e2e.failures.reckoning import documents_made, require_nothing_lost
from tests.e2e.failures.site import Site, is_alive, is_ready, wait_until, within_s

pytestmark = [pytest.mark.slow, pytest.mark.chaos, pytest.mark.postgres]
CUT_S = 6.5  # TCP would send again 12.6 s after the cut, and at 6.2 s for the last time before that


@dataclass(frozen=True)
class TwoHosts:
    """Each with an API, a worker and a scheduler, which started on the first."""

    site: Site
    first: Host
    first_url: str
    second_url: str
    near_url: str


@pytest.fixture
def hosts(short_folder: Path) -> Iterator[TwoHosts]:
    if reason := why_no_network():
        pytest.skip(reason)
    with ExitStack() as held:
        third, first, second = held.enter_context(network("db", "one", "two"))
        database = held.enter_context(database_host(third))
        site = Site(short_folder, {"COUNTERSIGN_DATABASE_URL": database.url})
        site.in_network(first.name).init()
        urls = [_everything(held, site.in_network(host.name), host.name) for host in (first, second)]
        yield TwoHosts(site, first, urls[0], urls[1], database.near_url)


def test_a_host_that_is_cut_off_loses_nothing_and_comes_back(
    hosts: TwoHosts, capsys: pytest.CaptureFixture[str]
) -> None:
    there, here = Customers([hosts.first_url] * 2), Customers([hosts.second_url] * 2)
    with there.at_work(), here.at_work(), hosts.site.opened(hosts.near_url) as base:
        wait_until(lambda: len(there.accepted) > 3 and len(here.accepted) > 3)
        cut = time.monotonic()
        hosts.first.cut_off()
        made = documents_made(base)
        assert is_alive(hosts.first_url)
        time.sleep(CUT_S)
        assert not here.refused_since(cut)
        assert documents_made(base) > made
        assert not there.accepted_since(cut + 1.0)
        hosts.first.heal()
        healed = time.monotonic()
        wait_until(lambda: bool(there.accepted_since(healed)), within_s(), log=lambda: hosts.site.log)
        wait_until(lambda: is_ready(hosts.first_url), within_s())
        took_s = time.monotonic() - healed
        assert took_s < within_s()
    with capsys.disabled():
        print(f"\nhost back in the network: ready after {took_s:.2f} s")  # noqa: T201 - figures
    with hosts.site.opened(hosts.near_url) as base:
        require_nothing_lost(base, [*there.accepted, *here.accepted])


def _everything(held: ExitStack, site: Site, name: str) -> str:
    for part in ("work", "schedule"):
        held.enter_context(site.running(part, f"{part}-{name}"))
    return held.enter_context(site.api(f"api-{name}"))
