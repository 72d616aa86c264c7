"""API clients that are bound to a TLS certificate, in the command layer."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from countersign.aggregates.api_client import ApiClient
from countersign.aggregates.api_client_refusals import ClientCertificateRefused, InvalidFingerprint
from countersign.aggregates.role import Role
from countersign.commands.api_client.bind_client_certificate import BindClientCertificate
from countersign.commands.api_client.granting import ScopeNotGrantable
from countersign.commands.api_client.unbind_client_certificate import UnbindClientCertificate
from countersign.commands.permit import NotPermitted
from countersign.eventstore.context import Context
from tests.unit.commands.people.service import Service
from tests.unit.commands.people.test_api_clients import PROJECT, TECHNICAL, People, let_in, newcomer

MINE, OTHER = "ab" * 32, "cd" * 32


def bind(client_id: UUID, sha256: str = MINE) -> BindClientCertificate:
    return BindClientCertificate(client_id=client_id, sha256=sha256)


def call(service: Service, client_id: UUID, certificate: str) -> None:
    """Give a command with the client's key, over a connection with that certificate."""
    context = Context(actor=client_id, command_key=str(uuid4()), correlation="test", certificate=certificate)
    service.dispatcher.dispatch(newcomer(), context)


def test_a_command_without_the_certificate_or_with_another_is_refused(
    service: Service, people: People
) -> None:
    client_id = let_in(service, people[Role.ADMINISTRATOR], "admin:manage_users")
    service.give(bind(client_id), people[Role.ADMINISTRATOR])

    call(service, client_id, MINE)
    for certificate in ("", OTHER):
        with pytest.raises(ClientCertificateRefused):
            call(service, client_id, certificate)

    service.give(UnbindClientCertificate(client_id=client_id), people[Role.ADMINISTRATOR])
    call(service, client_id, "")


def test_only_who_keeps_the_client_binds_it(service: Service, people: People) -> None:
    client_id = let_in(service, people[TECHNICAL], "reports:read")

    for act in (bind(client_id), UnbindClientCertificate(client_id=client_id)):
        with pytest.raises(NotPermitted):
            service.give(act, people[PROJECT])
    service.give(bind(client_id, MINE.upper()), people[TECHNICAL])
    assert service.state(ApiClient, client_id).certificate == MINE


def test_a_key_binds_no_client_that_may_do_more(service: Service, people: People) -> None:
    keeper = let_in(service, people[Role.ADMINISTRATOR], "admin:manage_api_keys")
    strong = let_in(service, people[Role.ADMINISTRATOR], "admin:manage_users")

    for act in (bind(strong), UnbindClientCertificate(client_id=strong)):
        with pytest.raises(ScopeNotGrantable):
            service.give(act, keeper)


def test_what_is_no_sha256_binds_nothing(service: Service, people: People) -> None:
    client_id = let_in(service, people[TECHNICAL], "reports:read")

    with pytest.raises(InvalidFingerprint):
        service.give(bind(client_id, "sha256"), people[TECHNICAL])
