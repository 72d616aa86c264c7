"""What a letter says that its plan does not: codes, links, and the words of a broadcast."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest

from countersign.aggregates.email_contents import EmailPurpose
from countersign.aggregates.role import Role
from countersign.commands.account.one_time_tokens import OneTimeTokens, TokenPurpose, token_hash
from countersign.commands.broadcast.order_broadcast import OrderBroadcast
from countersign.workers.history import History
from countersign.workers.mail.letter_facts import LetterFacts
from tests.unit.commands.people.service import Service

AT = datetime(2026, 3, 1, tzinfo=UTC)
STREAM = UUID(int=1)
TOKENS = OneTimeTokens(b"o" * 32)


def to_send(
    service: Service, purpose: EmailPurpose, facts: dict[str, str], tokens: OneTimeTokens = TOKENS
) -> dict[str, str]:
    history = History(service.log, service.shared.mapper)
    found = LetterFacts(service.shared.aggregates, history, "http://reports.example", tokens)
    return found.to_send(purpose, facts)


def test_the_code_is_made_from_what_the_mail_holds_and_a_key_that_it_does_not(service: Service) -> None:
    ticket = TOKENS.ticket(TokenPurpose.PASSWORD_RESET, STREAM, AT)
    facts = {"stream": str(STREAM), "nonce": ticket.nonce, "until": "tomorrow"}

    told = to_send(service, EmailPurpose.PASSWORD_RESET, facts)

    assert token_hash(told["code"]) == ticket.token_hash
    assert told["service"] == "http://reports.example"
    other = to_send(service, EmailPurpose.PASSWORD_RESET, facts, OneTimeTokens(b"p" * 32))
    assert other["code"] != told["code"]
    assert "code" not in to_send(service, EmailPurpose.PASSWORD_CHANGED, {"at": "now"})


def test_a_mail_about_a_report_links_to_it(service: Service) -> None:
    told = to_send(service, EmailPurpose.APPROVAL_REQUEST, {"report_id": "7"})

    assert told["link"] == "http://reports.example/v1/reports/7"


def test_a_broadcast_is_said_in_its_own_words(service: Service, administrator: UUID) -> None:
    words = {"topic": "The service is away", "message": "On Sunday."}
    roles = (Role.ADMINISTRATOR,)
    service.give(OrderBroadcast(broadcast_id=STREAM, roles=roles, **words), administrator)

    told = to_send(service, EmailPurpose.ADMIN_BROADCAST, {"broadcast_id": str(STREAM)})

    assert {name: told[name] for name in words} == words
    by_an_early_version = to_send(service, EmailPurpose.ADMIN_BROADCAST, words)
    assert {name: by_an_early_version[name] for name in words} == words
    with pytest.raises(LookupError):
        to_send(service, EmailPurpose.ADMIN_BROADCAST, {"broadcast_id": str(UUID(int=2))})
