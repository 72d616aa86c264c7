from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from countersign.aggregates.api_client import ApiClient, api_client_id
from countersign.aggregates.api_client_refusals import (
    ClientCertificateRefused,
    ClientNotInForce,
    ClientRevoked,
    InvalidFingerprint,
    NotSuspended,
)
from countersign.aggregates.api_client_standing import ClientStatus
from countersign.aggregates.api_client_terms import InvalidTerms, Terms, agreed_terms
from countersign.aggregates.certificate_fingerprint import agreed_fingerprint

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
LONGEST = timedelta(days=365)
CREATOR = UUID(int=7)
FIRST, SECOND, THIRD = "1" * 64, "2" * 64, "3" * 64
GIVEN: dict[str, Any] = {
    "name": "  Site   tablet ",
    "scopes": ["reports:update", "reports:read", "reports:read"],
    "rate_limit": 5000,
    "expires_at": NOW + timedelta(days=30),
}


def terms(**changed: Any) -> Terms:
    return agreed_terms(NOW, **{**GIVEN, **changed}, longest=LONGEST)


@pytest.fixture
def client() -> ApiClient:
    return ApiClient.create(NOW, prefix="aaaabbbbcccc", creator=CREATOR, key_hash=FIRST, terms=terms())


def told(client: ApiClient) -> list[str]:
    return [type(event).TOPIC for event in client.collect_events()]  # type: ignore[attr-defined]


def test_a_new_client_is_found_by_the_beginning_of_its_keys(client: ApiClient) -> None:
    assert client.id == api_client_id("aaaabbbbcccc")
    assert client.terms == Terms(
        name="Site tablet",
        scopes=("reports:read", "reports:update"),
        rate_limit=5000,
        expires_at=NOW + timedelta(days=30),
    )
    assert (client.status, client.key_number) == (ClientStatus.ACTIVE, 1)
    client.require_in_force(NOW)


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"name": "  "}, "/name"),
        ({"name": "x" * 101}, "/name"),
        ({"name": "a\u202eb"}, "/name"),
        ({"scopes": []}, "/scopes"),
        ({"scopes": ["reports:approve"]}, "/scopes"),
        ({"rate_limit": 0}, "/rate_limit"),
        ({"rate_limit": 1_000_001}, "/rate_limit"),
        ({"expires_at": NOW}, "/expires_at"),
        ({"expires_at": NOW + timedelta(days=365, microseconds=1)}, "/expires_at"),
    ],
)
def test_terms_that_cannot_be_given_are_named(changed: dict[str, Any], pointer: str) -> None:
    with pytest.raises(InvalidTerms) as refusal:
        terms(**changed)
    assert [place for place, _ in refusal.value.pointers] == [pointer]


def test_terms_may_use_all_there_is() -> None:
    assert (
        terms(name="سایت\u200cتبلت", expires_at=NOW + LONGEST, rate_limit=1_000_000).name == "سایت\u200cتبلت"
    )


def test_only_its_own_key_is_accepted(client: ApiClient) -> None:
    assert client.accepts(FIRST, NOW)
    for wrong in (SECOND, "", FIRST[:-1]):
        assert not client.accepts(wrong, NOW)


def test_the_key_before_goes_on_for_the_overlap_and_one_before_that_ends(client: ApiClient) -> None:
    client.rotate(NOW, SECOND, timedelta(minutes=10))
    assert client.key_number == 2
    just_before = NOW + timedelta(minutes=10) - timedelta.resolution
    assert [client.accepts(key, just_before) for key in (FIRST, SECOND)] == [True, True]
    assert [client.accepts(key, NOW + timedelta(minutes=10)) for key in (FIRST, SECOND)] == [False, True]

    client.rotate(NOW, THIRD, timedelta(minutes=10))
    assert [client.accepts(key, NOW) for key in (FIRST, SECOND, THIRD)] == [False, True, True]
    assert not client.accepts("", NOW + timedelta(days=1))


def test_other_terms_are_noted_and_the_same_ones_are_not(client: ApiClient) -> None:
    client.change(NOW, terms(name="Other"))
    client.change(NOW, terms(name="Other"))

    assert client.name == "Other"
    assert told(client) == ["api_client.created", "api_client.changed"]


def test_a_suspended_client_is_out_until_it_is_resumed(client: ApiClient) -> None:
    by = uuid4()
    client.suspend(NOW, by, "lost")
    client.suspend(NOW, uuid4(), "lost again")
    assert (client.status, client.suspended_by) == (ClientStatus.SUSPENDED, by)
    with pytest.raises(ClientNotInForce):
        client.require_in_force(NOW)

    client.resume(NOW)
    client.require_in_force(NOW)
    assert client.suspended_by is None
    with pytest.raises(NotSuspended):
        client.resume(NOW)
    assert told(client) == ["api_client.created", "api_client.suspended", "api_client.resumed"]


def test_a_revoked_client_is_out_for_good(client: ApiClient) -> None:
    client.revoke(NOW, "done")
    client.revoke(NOW, "done twice")
    client.warn_of_expiry(NOW)

    assert told(client) == ["api_client.created", "api_client.revoked"]
    with pytest.raises(ClientNotInForce):
        client.require_in_force(NOW)
    refused: list[Callable[[], object]] = [
        lambda: client.rotate(NOW, SECOND, timedelta()),
        lambda: client.change(NOW, replace(client.terms, name="Other")),
        lambda: client.suspend(NOW, CREATOR, "x"),
        lambda: client.resume(NOW),
    ]
    for act in refused:
        with pytest.raises(ClientRevoked):
            act()


def test_a_client_ends_at_its_time(client: ApiClient) -> None:
    client.require_in_force(client.expires_at - timedelta.resolution)
    with pytest.raises(ClientNotInForce):
        client.require_in_force(client.expires_at)


def test_its_end_is_warned_of_once_for_each_date(client: ApiClient) -> None:
    client.warn_of_expiry(NOW)
    client.warn_of_expiry(NOW)
    client.warn_of_expiry(client.expires_at)
    client.change(NOW, terms(expires_at=NOW + timedelta(days=60)))
    client.warn_of_expiry(NOW)

    assert told(client).count("api_client.expiring") == 2
    assert client.warned_of == NOW + timedelta(days=60)


def test_its_keys_are_good_with_the_certificate_that_it_was_bound_to_last(client: ApiClient) -> None:
    client.require_certificate("")
    for certificate in ("a" * 64, "a" * 64, "b" * 64):
        client.bind_certificate(NOW, certificate)

    client.require_certificate("b" * 64)
    for other in ("", "a" * 64):
        with pytest.raises(ClientCertificateRefused):
            client.require_certificate(other)
    assert told(client)[1:] == ["api_client.certificate_bound"] * 2


def test_unbound_it_needs_no_certificate_any_more(client: ApiClient) -> None:
    client.bind_certificate(NOW, "a" * 64)
    client.unbind_certificate(NOW)
    client.unbind_certificate(NOW)

    client.require_certificate("")
    assert told(client)[1:] == ["api_client.certificate_bound", "api_client.certificate_unbound"]


def test_a_revoked_client_is_bound_to_nothing(client: ApiClient) -> None:
    client.revoke(NOW, "over")
    with pytest.raises(ClientRevoked):
        client.bind_certificate(NOW, "a" * 64)


def test_a_certificate_is_named_by_its_sha256_as_people_write_it() -> None:
    assert agreed_fingerprint(":".join(["aB"] * 32)) == agreed_fingerprint("ab" * 32) == "ab" * 32
    for wrong in ("", "ab" * 31, "ab" * 33, "xy" * 32, "\uff11" * 64):
        with pytest.raises(InvalidFingerprint) as refused:
            agreed_fingerprint(wrong)
        assert [pointer for pointer, _ in refused.value.pointers] == ["/sha256"]
