"""What many do at the same moment is decided in the append, on either database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pyotp
import pytest

from countersign.aggregates.role import Role
from countersign.eventstore.databases import Databases
from countersign.eventstore.wakeups import Wakeups
from tests.integration.http.service import PASSWORD, Service, email_of, set_up

CREDENTIALS = {"email": email_of(Role.ENGINEER), "password": PASSWORD}


@pytest.fixture
def anywhere(databases: Databases, wakeups: Wakeups) -> Iterator[Service]:
    service = Service(databases, wakeups)
    set_up(service)
    yield service
    service.services.usage.close()
    service.close()


def log_ins(service: Service, *bodies: dict[str, str]) -> Counter[int]:
    """The statuses of log-ins that are sent at the same moment."""
    with ThreadPoolExecutor(len(bodies)) as pool:
        answers = list(pool.map(lambda body: service.nobody.post("/v1/auth/login", body), bodies))
    return Counter(answer.status_code for answer in answers)


def test_of_two_who_show_the_same_code_at_once_one_gets_in(anywhere: Service) -> None:
    engineer = anywhere.signed_in(Role.ENGINEER)
    engineer.post("/v1/auth/reauthenticate", {"password": PASSWORD})
    secret = engineer.post("/v1/auth/second-factor").json["secret"]
    totp, at = pyotp.TOTP(secret), anywhere.clock()
    engineer.post("/v1/auth/second-factor/confirm", {"code": totp.at(at)})

    shown = CREDENTIALS | {"code": totp.at(at, counter_offset=1)}

    assert log_ins(anywhere, shown, shown) == {200: 1, 401: 1}


def test_of_many_guesses_at_once_no_more_than_the_limit_are_decided(anywhere: Service) -> None:
    guesses = [CREDENTIALS | {"password": f"wrong horse battery {number}"} for number in range(12)]

    assert log_ins(anywhere, *guesses) == {401: 5, 429: 7}
