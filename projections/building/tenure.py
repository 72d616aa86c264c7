"""Holds roles for as long as a piece of work takes, however long a single statement of it is."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from countersign.eventstore.leases import Lease, Leases
from countersign.projections.following.outage import OUTAGES


@contextmanager
def tenure(
    leases: Leases, roles: Sequence[str], holder: str, ttl_s: float
) -> Iterator[tuple[Lease, ...] | None]:
    """All of these roles, renewed until the end; None when somebody else has one of them.

    Whether they were lost meanwhile, their fences tell.
    """
    taken: list[Lease] = []
    try:
        for role in roles:
            lease = leases.acquire(role, holder, ttl_s)
            if lease is None:
                yield None
                return
            taken.append(lease)
        with _renewed(leases, taken, ttl_s):
            yield tuple(taken)
    finally:
        for lease in taken:
            leases.release(lease)


@contextmanager
def _renewed(leases: Leases, taken: Sequence[Lease], ttl_s: float) -> Iterator[None]:
    done = threading.Event()
    thread = threading.Thread(target=_renew, args=(leases, taken, ttl_s, done), daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _renew(leases: Leases, taken: Sequence[Lease], ttl_s: float, done: threading.Event) -> None:
    while not done.wait(ttl_s / 3):
        try:
            for lease in taken:
                leases.renew(lease, ttl_s)
        except OUTAGES:
            continue  # as for everybody: the next attempt is in time, or the fence tells
