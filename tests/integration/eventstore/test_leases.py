from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from time import sleep

import pytest

from countersign.eventstore.databases import Databases
from countersign.eventstore.leases import Lease, LeaseLost, Leases

HOLD_AND_RENEW = """
import sys, time
from countersign.eventstore.databases import DatabaseOptions, Databases
from countersign.eventstore.leases import Leases
leases = Leases(Databases(DatabaseOptions(url=sys.argv[1])).read)
lease = leases.acquire("notary", "frozen", 0.5)
print("holds", flush=True)
while leases.renew(lease, 0.5):
    time.sleep(0.1)
print("lost", flush=True)
"""


@pytest.fixture
def leases(databases: Databases) -> Leases:
    return Leases(databases.read)


def test_a_role_has_one_holder_at_a_time(leases: Leases) -> None:
    assert leases.holder_of("notary") is None
    assert leases.acquire("notary", "one", 60) == Lease("notary", "one", 1)
    assert leases.acquire("notary", "other", 60) is None
    assert leases.holder_of("notary") == "one"
    assert leases.acquire("scheduler", "other", 60) == Lease("scheduler", "other", 1)


def test_a_role_that_was_released_is_free_at_once(leases: Leases) -> None:
    lease = taken(leases, "one", 60)
    leases.release(lease)
    assert leases.holder_of("notary") is None
    assert leases.acquire("notary", "other", 60) == Lease("notary", "other", 2)
    assert not leases.renew(lease, 60)


def test_a_role_that_is_not_renewed_goes_to_another_with_a_higher_fence(leases: Leases) -> None:
    lease = taken(leases, "one", 0.1)
    sleep(0.15)
    assert leases.holder_of("notary") is None
    assert leases.acquire("notary", "other", 60) == Lease("notary", "other", 2)
    assert not leases.renew(lease, 60)
    leases.release(lease)
    assert leases.holder_of("notary") == "other"


def test_a_role_that_is_renewed_stays(leases: Leases) -> None:
    lease = taken(leases, "one", 0.3)
    for _ in range(4):
        sleep(0.1)
        assert leases.renew(lease, 0.3)
    assert leases.acquire("notary", "other", 60) is None


def test_a_transaction_of_one_who_lost_the_role_is_refused(databases: Databases, leases: Leases) -> None:
    lease = taken(leases, "one", 0.05)
    with databases.read.write() as connection:
        leases.confirm(connection, lease)
    sleep(0.1)
    taken(leases, "other", 60)
    with pytest.raises(LeaseLost), databases.read.write() as connection:
        leases.confirm(connection, lease)


def test_a_frozen_process_loses_its_role_and_learns_of_it(every_database_url: str, leases: Leases) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD_AND_RENEW, every_database_url],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[3],
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "holds\n"
    sleep(0.7)
    assert leases.acquire("notary", "other", 60) is None
    os.kill(holder.pid, signal.SIGSTOP)
    sleep(0.7)
    assert leases.acquire("notary", "other", 60) == Lease("notary", "other", 2)
    os.kill(holder.pid, signal.SIGCONT)
    assert holder.communicate(timeout=10)[0] == "lost\n"


def taken(leases: Leases, holder: str, ttl_s: float) -> Lease:
    lease = leases.acquire("notary", holder, ttl_s)
    assert lease is not None
    return lease


def test_several_roles_are_renewed_at_once_but_for_those_that_were_lost(leases: Leases) -> None:
    notary = leases.acquire("notary", "one", 0.0)
    clerk = leases.acquire("clerk", "one", 60)
    assert notary
    assert clerk
    assert leases.acquire("notary", "other", 60)

    assert leases.renew_all([notary, clerk], 60) == {"clerk"}
    assert leases.renew_all([], 60) == set()
    assert leases.holder_of("notary") == "other"
