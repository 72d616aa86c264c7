"""How people come in: the first administrator at set-up, everybody else through an administrator."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from countersign.aggregates.account import Account
from countersign.aggregates.email_address import InvalidEmail
from countersign.aggregates.email_identity import EmailTaken
from countersign.aggregates.role import Role
from countersign.aggregates.root import DomainError
from countersign.aggregates.roster import ROSTER_ID, Roster
from countersign.commands.account.bootstrap_administrator import AlreadyBootstrapped, BootstrapAdministrator
from countersign.commands.account.enrolment import InvalidName
from countersign.commands.account.register_account import RegisterAccount
from countersign.commands.password_rules import WeakPassword
from countersign.commands.permit import NotPermitted
from countersign.eventstore.context import ANONYMOUS
from countersign.eventstore.store import NotFound
from tests.unit.commands.people.service import PASSWORD, Service


def newcomer(**changes: object) -> RegisterAccount:
    faultless = RegisterAccount(
        account_id=uuid4(),
        name="Anna Berg",
        email="anna@example.com",
        password=PASSWORD,
        role=Role.ENGINEER,
    )
    return replace(faultless, **changes)  # type: ignore[arg-type]


def test_the_first_administrator_opens_the_roster(service: Service, administrator: UUID) -> None:
    assert service.topics() == [
        "account.registered",
        "account.approved",
        "email_identity.claimed",
        "roster.opened",
        "roster.role_granted",
    ]
    assert service.state(Roster, ROSTER_ID).holds(administrator, Role.ADMINISTRATOR)
    assert service.state(Account, administrator).is_active


def test_there_is_a_first_administrator_only_once(service: Service, administrator: UUID) -> None:
    second = BootstrapAdministrator(
        account_id=uuid4(), name="Eve", email="eve@example.com", password=PASSWORD
    )

    with pytest.raises(AlreadyBootstrapped) as refusal:
        service.give(second)

    assert (refusal.value.code, refusal.value.status) == ("already_bootstrapped", 409)
    assert len(service.topics()) == 5


@pytest.mark.parametrize("actor", [ANONYMOUS, uuid4()])
def test_nobody_makes_themselves_the_first_administrator(service: Service, actor: UUID) -> None:
    command = BootstrapAdministrator(
        account_id=uuid4(), name="Eve", email="eve@example.com", password=PASSWORD
    )

    with pytest.raises(NotPermitted):
        service.give(command, actor)
    assert not service.topics()


def test_two_set_ups_at_once_make_one_administrator(service: Service) -> None:
    commands = [
        BootstrapAdministrator(account_id=uuid4(), name="Ada", email=f"a{n}@example.com", password=PASSWORD)
        for n in range(4)
    ]

    def give(command: BootstrapAdministrator) -> str:
        try:
            service.give(command, key=str(command.account_id))
        except DomainError as refusal:
            return refusal.code
        return "accepted"

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(give, commands))

    assert answers == ["accepted"] + ["already_bootstrapped"] * 3
    assert service.topics().count("roster.opened") == 1


def test_an_administrator_lets_somebody_in_with_one_append(service: Service, administrator: UUID) -> None:
    command = newcomer(role=Role.TECHNICAL_MANAGER)

    receipt = service.give(command, administrator)

    assert service.topics()[5:] == [
        "account.registered",
        "account.approved",
        "email_identity.claimed",
        "roster.role_granted",
    ]
    assert receipt.version_of(command.account_id) == 2
    assert service.state(Account, command.account_id).role is Role.TECHNICAL_MANAGER
    assert service.state(Roster, ROSTER_ID).holds(command.account_id, Role.TECHNICAL_MANAGER)


def test_neither_password_name_nor_address_stand_readable_in_the_log(
    service: Service, administrator: UUID
) -> None:
    command = newcomer(name="Anna Berg", email="anna@example.com")
    service.give(command, administrator)

    stored = b"".join(recorded.state + recorded.metadata for recorded in service.log.read(0, 1000))

    for readable in (PASSWORD, "Anna Berg", "anna@", "argon2id"):
        assert readable.encode() not in stored
    assert PASSWORD not in repr(command)
    assert service.state(Account, command.account_id).name == "Anna Berg"


@pytest.mark.parametrize("email", ["anna@example.com", "ANNA@Example.COM", " anna@example.com "])
def test_an_address_belongs_to_one_account_in_whatever_case(
    service: Service, administrator: UUID, email: str
) -> None:
    service.give(newcomer(), administrator)
    before = service.topics()

    with pytest.raises(EmailTaken) as refusal:
        service.give(newcomer(email=email), administrator)

    assert (refusal.value.code, refusal.value.status) == ("email_taken", 409)
    assert refusal.value.pointers[0][0] == "/email"
    assert service.topics() == before


def test_two_registrations_of_one_address_at_once_make_one_account(
    service: Service, administrator: UUID
) -> None:
    def give(command: RegisterAccount) -> str:
        try:
            service.give(command, administrator, key=str(command.account_id))
        except DomainError as refusal:
            return refusal.code
        return "accepted"

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(give, [newcomer() for _ in range(4)]))

    assert answers == ["accepted"] + ["email_taken"] * 3


def test_a_registration_repeated_under_its_key_is_one_registration(
    service: Service, administrator: UUID
) -> None:
    command = newcomer()
    first = service.give(command, administrator, key="once")

    again = service.give(command, administrator, key="once")

    assert again.repeated
    assert (again.position, again.streams) == (first.position, first.streams)
    assert service.topics().count("account.registered") == 2


@pytest.mark.parametrize("email", ["", "anna", "anna@localhost", "anna berg@example.com", "anna@\x00.com"])
def test_what_is_no_address_is_refused_with_its_place(
    service: Service, administrator: UUID, email: str
) -> None:
    with pytest.raises(InvalidEmail) as refusal:
        service.give(newcomer(email=email), administrator)

    assert (refusal.value.code, refusal.value.status) == ("invalid_email", 422)
    assert refusal.value.pointers[0][0] == "/email"


@pytest.mark.parametrize("name", ["", "  ", "Anna\x00", "Anna\u202eBerg", "a" * 201])
def test_a_name_that_cannot_be_printed_under_a_signature_is_refused(
    service: Service, administrator: UUID, name: str
) -> None:
    with pytest.raises(InvalidName) as refusal:
        service.give(newcomer(name=name), administrator)

    assert (refusal.value.code, refusal.value.status) == ("invalid_name", 422)
    assert refusal.value.pointers[0][0] == "/name"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("  Anna \t Berg ", "Anna Berg"),
        ("Zoe\u0308 Li", "Zoë Li"),
        ("李小龙", "李小龙"),
        ("مهدی\u200cزاده", "مهدی\u200cزاده"),
    ],
)
def test_a_name_is_kept_as_people_write_it(
    service: Service, administrator: UUID, given: str, kept: str
) -> None:
    command = newcomer(name=given)

    service.give(command, administrator)

    assert service.state(Account, command.account_id).name == kept


def test_a_weak_password_is_refused_with_every_reason(service: Service, administrator: UUID) -> None:
    with pytest.raises(WeakPassword) as refusal:
        service.give(newcomer(name="Anna Berg", password="Berg1"), administrator)

    assert (refusal.value.code, refusal.value.status) == ("weak_password", 422)
    assert [pointer for pointer, _ in refusal.value.pointers] == ["/password", "/password"]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_only_an_administrator_lets_anybody_in(
    service: Service, people: dict[Role, UUID], role: Role
) -> None:
    before = len(service.topics())

    with pytest.raises(NotPermitted) as refusal:
        service.give(newcomer(), people[role])

    assert (refusal.value.code, refusal.value.status) == ("not_permitted", 403)
    assert len(service.topics()) == before


def test_the_system_itself_registers_nobody(service: Service, administrator: UUID) -> None:
    with pytest.raises(NotPermitted):
        service.give(newcomer())


def test_before_there_is_a_roster_nobody_is_registered(service: Service) -> None:
    with pytest.raises((NotPermitted, NotFound)):
        service.give(newcomer(), uuid4())
