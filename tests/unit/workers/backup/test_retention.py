"""What is kept of backups, and what is thrown away."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from countersign.eventstore.backup.manifest import Manifest
from countersign.workers.backup.retention import outdated

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
KEEP = timedelta(days=90)


def made(days_ago: float, follows: str = "") -> Manifest:
    at = NOW - timedelta(days=days_ago)
    return Manifest(
        id=UUID(int=int(days_ago * 100)),
        name=f"{at:%Y%m%dT%H%M%SZ}",
        made_at=at,
        position=10,
        recorded_at=at,
        log_digest="",
        events=10,
        command_keys=0,
        blobs=0,
        blob_bytes=0,
        rows={},
        subject_keys=0,
        erasures=0,
        size_bytes=1,
        follows=follows,
    )


def test_what_is_older_than_it_is_kept_goes() -> None:
    old, young = made(91), [made(89), made(1)]
    assert outdated([*young, old], NOW, KEEP, keep_at_least=1) == [old]


def test_the_newest_stay_however_old() -> None:
    backups = [made(days) for days in (400, 300, 200)]
    assert outdated(backups, NOW, KEEP, keep_at_least=2) == [backups[0]]


def test_what_only_continues_another_goes_once_two_full_ones_have_come() -> None:
    first, second, third = made(3), made(2), made(1)
    between, later = made(2.5, follows=first.name), made(1.5, follows=second.name)
    assert outdated([first, second, third, between, later], NOW, KEEP, keep_at_least=4) == [between]


def test_what_continues_one_that_goes_goes_with_it() -> None:
    first, second = made(100), made(1)
    chain = made(99, follows=first.name)
    chained = made(98, follows=chain.name)
    assert outdated([first, second, chain, chained], NOW, KEEP, keep_at_least=1) == [first, chain, chained]
