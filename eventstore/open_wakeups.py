"""The best way of waking readers that there is: Redis, or the database's own."""

from __future__ import annotations

from countersign.eventstore.databases import Databases
from countersign.eventstore.socket_wakeups import SocketWakeups
from countersign.eventstore.wakeups import NoWakeups, Wakeups


def open_wakeups(
    databases: Databases, redis_url: str = "", prefix: str = "countersign", timeout_s: float = 1.0
) -> Wakeups:
    """Redis where there is one, else NOTIFY on PostgreSQL and sockets in the data folder on SQLite."""
    # The drivers are imported here, since they are not there in a minimal installation.
    if redis_url:
        from countersign.eventstore.redis_wakeups import RedisWakeups  # noqa: PLC0415

        return RedisWakeups(redis_url, prefix, timeout_s)
    if databases.folder is None:
        from countersign.eventstore.notify_wakeups import NotifyWakeups  # noqa: PLC0415

        options = databases.options
        return NotifyWakeups(options.listen_url or options.url, options.credentials)
    folder = databases.folder / "wakeups"
    if not SocketWakeups.fits(folder):
        return NoWakeups(
            f"the path {folder} is too long for sockets: readers poll; use a shorter data folder"
        )
    return SocketWakeups(folder)
