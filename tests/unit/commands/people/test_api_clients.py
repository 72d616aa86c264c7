"""Letting programs in, and keeping them within the rights of a person."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from countersign.aggregates.account_refusals import OwnAccount
from countersign.aggregates.api_client import ApiClient, api_client_id
from countersign.aggregates.api_client_refusals import ClientNotInForce
from countersign.aggregates.api_client_standing import ClientStatus
from countersign.aggregates.api_client_terms import InvalidTerms
from countersign.aggregates.role import Role
from countersign.commands.account.change_role import ChangeRole
from countersign.commands.account.disable_account import DisableAccount
from countersign.commands.account.register_account import RegisterAccount
from countersign.commands.api_client.api_keys import ApiKeys, prefix_for, read_key
from countersign.commands.api_client.create_api_client import CreateApiClient, PrefixTaken
from countersign.commands.api_client.granting import ScopeNotGrantable
from countersign.commands.api_client.resume_api_client import ResumeApiClient
from countersign.commands.api_client.revoke_api_client import RevokeApiClient
from countersign.commands.api_client.rotate_api_key import RotateApiKey
from countersign.commands.api_client.suspend_api_client import SuspendApiClient
from countersign.commands.api_client.update_api_client import UpdateApiClient
from countersign.commands.api_client.warn_of_api_client_expiry import WarnOfApiClientExpiry
from countersign.commands.permit import NotPermitted
from countersign.eventstore.store import StaleVersion
from tests.unit.commands.people.service import PASSWORD, Service

TECHNICAL, PROJECT = Role.TECHNICAL_MANAGER, Role.PROJECT_MANAGER
People = dict[Role, UUID]


def wanted(service: Service, *scopes: str, **changed: Any) -> dict[str, Any]:
    end = service.now + timedelta(days=30)
    return {"name": "Tablet", "scopes": scopes, "rate_limit": 5000, "expires_at": end, **changed}


def let_in(service: Service, creator: UUID, *scopes: str) -> UUID:
    prefix = prefix_for(uuid4())
    service.give(CreateApiClient(prefix=prefix, **wanted(service, *scopes)), creator)
    return api_client_id(prefix)


def newcomer() -> RegisterAccount:
    email = f"{uuid4()}@example.com"
    return RegisterAccount(
        account_id=uuid4(), name="Kim Vega", email=email, password=PASSWORD, role=Role.AUDITOR
    )


def test_a_key_is_made_again_from_its_number_and_known_by_its_digest() -> None:
    keys = ApiKeys(b"a" * 32)
    key = keys.key("aaaabbbbcccc", 1)
    shown = read_key(key)

    assert shown is not None
    assert len(key) == len("cs_") + 12 + 1 + 43
    assert shown.prefix == "aaaabbbbcccc"
    assert shown.secret not in repr(shown)
    assert keys.hash_of(shown.secret) == keys.hash_of_key("aaaabbbbcccc", 1)
    others = {
        keys.key("aaaabbbbcccc", 2),
        keys.key("aaaabbbbcccd", 1),
        ApiKeys(b"b" * 32).key("aaaabbbbcccc", 1),
    }
    assert key not in others
    assert len(others) == 3


@pytest.mark.parametrize(
    "text",
    [
        "",
        "cs_",
        "cs_aaaabbbbcccc_",
        f"cs_aaaabbbbccc1_{'a' * 43}",
        f"xs_aaaabbbbcccc_{'a' * 43}",
        f"cs_aaaabbbbcccc_{'a' * 44}",
        f"cs_aaaabbbbcccc_{'a' * 43}\n",
        f"cs_aaaabbbbcccc_{'é' * 43}",
    ],
)
def test_what_is_not_written_like_a_key_is_none(text: str) -> None:
    assert read_key(text) is None


def test_nothing_in_the_log_is_the_key(service: Service, people: People) -> None:
    prefix = prefix_for(uuid4())
    service.give(CreateApiClient(prefix=prefix, **wanted(service, "reports:read")), people[TECHNICAL])
    secret = ApiKeys(b"a" * 32).key(prefix, 1).split("_", 2)[2].encode()

    stored = [recorded.state + recorded.metadata for recorded in service.log.read(0, 1000)]
    assert not any(secret in each for each in stored)
    client = service.state(ApiClient, api_client_id(prefix))
    assert client.accepts(ApiKeys(b"a" * 32).hash_of(secret.decode()), service.now)
    assert client.creator == people[TECHNICAL]


def test_the_same_command_again_makes_no_second_client(service: Service, people: People) -> None:
    create = CreateApiClient(prefix=prefix_for(UUID(int=1)), **wanted(service, "reports:read"))
    first = service.give(create, people[TECHNICAL], key="once")

    assert service.give(create, people[TECHNICAL], key="once").streams == first.streams
    with pytest.raises(PrefixTaken):
        service.give(create, people[TECHNICAL], key="another")


@pytest.mark.parametrize("scopes", [("admin:manage_users",), ("reports:read", "reports:create")])
def test_nobody_gives_away_what_they_may_not_do(
    service: Service, people: People, scopes: tuple[str, ...]
) -> None:
    with pytest.raises(ScopeNotGrantable):
        let_in(service, people[PROJECT], *scopes)


@pytest.mark.parametrize("days", [0, 366])
def test_a_key_holds_at_most_a_year(service: Service, people: People, days: int) -> None:
    terms = wanted(service, "reports:read", expires_at=service.now + timedelta(days=days))
    with pytest.raises(InvalidTerms):
        service.give(CreateApiClient(prefix=prefix_for(uuid4()), **terms), people[TECHNICAL])


def test_managers_keep_their_own_clients_and_an_administrator_keeps_all(
    service: Service, people: People
) -> None:
    client_id = let_in(service, people[TECHNICAL], "reports:read")
    acts = (
        UpdateApiClient(client_id=client_id, expected_version=1, **wanted(service, "reports:read", name="B")),
        RotateApiKey(client_id=client_id, overlap_s=60),
        SuspendApiClient(client_id=client_id, reason="lost"),
        ResumeApiClient(client_id=client_id),
        RevokeApiClient(client_id=client_id, reason="done"),
    )
    for act in acts:
        with pytest.raises(NotPermitted):
            service.give(act, people[PROJECT])
    for act in acts[:4]:
        service.give(act, people[TECHNICAL])
    service.give(acts[4], people[Role.ADMINISTRATOR])

    client = service.state(ApiClient, client_id)
    assert (client.name, client.key_number, client.status) == ("B", 2, ClientStatus.REVOKED)


def test_what_an_administrator_suspended_its_creator_does_not_resume(
    service: Service, people: People
) -> None:
    client_id = let_in(service, people[TECHNICAL], "reports:read")
    service.give(SuspendApiClient(client_id=client_id, reason="odd calls"), people[Role.ADMINISTRATOR])

    with pytest.raises(NotPermitted):
        service.give(ResumeApiClient(client_id=client_id), people[TECHNICAL])
    service.give(ResumeApiClient(client_id=client_id), people[Role.ADMINISTRATOR])


def test_new_terms_stay_within_the_rights_of_the_creator_and_need_the_version_read(
    service: Service, people: People
) -> None:
    client_id = let_in(service, people[PROJECT], "reports:read")
    more = wanted(service, "admin:manage_users")

    with pytest.raises(ScopeNotGrantable):
        service.give(
            UpdateApiClient(client_id=client_id, expected_version=1, **more), people[Role.ADMINISTRATOR]
        )
    with pytest.raises(StaleVersion):
        service.give(UpdateApiClient(client_id=client_id, expected_version=7, **more), people[PROJECT])


@pytest.mark.parametrize("overlap_s", [-1, 7 * 86_400 + 1])
def test_two_keys_are_good_together_for_a_week_at_most(
    service: Service, people: People, overlap_s: int
) -> None:
    client_id = let_in(service, people[TECHNICAL], "reports:read")
    with pytest.raises(InvalidTerms):
        service.give(RotateApiKey(client_id=client_id, overlap_s=overlap_s), people[TECHNICAL])


def test_a_client_gives_no_client_more_than_it_has(service: Service, people: People) -> None:
    keeper = let_in(service, people[Role.ADMINISTRATOR], "admin:manage_api_keys", "reports:read")
    strong = let_in(service, people[Role.ADMINISTRATOR], "admin:manage_users")

    with pytest.raises(ScopeNotGrantable):
        let_in(service, keeper, "admin:manage_users")
    for act in (
        RotateApiKey(client_id=strong, overlap_s=0),
        ResumeApiClient(client_id=strong),
        UpdateApiClient(client_id=strong, expected_version=1, **wanted(service, "reports:read")),
        UpdateApiClient(client_id=keeper, expected_version=1, **wanted(service, "admin:manage_users")),
    ):
        with pytest.raises(ScopeNotGrantable):
            service.give(act, keeper)
    made = service.state(ApiClient, let_in(service, keeper, "reports:read"))
    assert made.creator == people[Role.ADMINISTRATOR]
    service.give(RotateApiKey(client_id=made.id, overlap_s=0), keeper)


def test_a_client_that_is_kept_out_gives_no_command(service: Service, people: People) -> None:
    client_id = let_in(service, people[Role.ADMINISTRATOR], "admin:manage_users")
    service.give(newcomer(), client_id)
    service.give(SuspendApiClient(client_id=client_id, reason="lost"), people[Role.ADMINISTRATOR])

    with pytest.raises(ClientNotInForce):
        service.give(newcomer(), client_id)


def test_without_its_creator_a_client_may_nothing(service: Service, people: People) -> None:
    client_id = let_in(service, people[TECHNICAL], "admin:manage_api_keys")
    service.give(
        DisableAccount(account_id=people[TECHNICAL], reason="left the firm"), people[Role.ADMINISTRATOR]
    )

    with pytest.raises(NotPermitted):
        let_in(service, client_id, "admin:manage_api_keys")


def test_a_creator_who_loses_a_right_takes_it_from_the_client(service: Service, people: People) -> None:
    client_id = let_in(service, people[TECHNICAL], "admin:manage_api_keys")
    service.give(ChangeRole(account_id=people[TECHNICAL], role=Role.ENGINEER), people[Role.ADMINISTRATOR])

    with pytest.raises(NotPermitted):
        let_in(service, client_id, "admin:manage_api_keys")


def test_a_client_decides_nothing_about_its_own_creator(service: Service, people: People) -> None:
    client_id = let_in(service, people[Role.ADMINISTRATOR], "admin:manage_users")

    for act in (
        ChangeRole(account_id=people[Role.ADMINISTRATOR], role=Role.ENGINEER),
        DisableAccount(account_id=people[Role.ADMINISTRATOR], reason="because"),
    ):
        with pytest.raises(OwnAccount):
            service.give(act, client_id)


def test_the_end_of_a_client_is_warned_of_by_the_system_alone(service: Service, people: People) -> None:
    client_id = let_in(service, people[TECHNICAL], "reports:read")
    warn = WarnOfApiClientExpiry(client_id=client_id)

    with pytest.raises(NotPermitted):
        service.give(warn, people[Role.ADMINISTRATOR])
    service.give(warn)
    service.give(warn)
    assert service.topics().count("api_client.expiring") == 1
