from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete

from countersign.aggregates.account import Account
from countersign.aggregates.report.recipient import Recipient
from countersign.aggregates.role import Role
from countersign.eventstore.subject_keys import subject_keys
from countersign.projections.following.runner import Runner
from countersign.projections.people.people_queries import Person, names, people_page, person
from tests.integration.projections.conftest import MakeRunner
from tests.integration.projections.journal import ENGINEER, MANAGER
from tests.integration.projections.story import CLIENT, Story, identity_of


def found(story: Story, runner: Runner, person_id: UUID) -> Person:
    runner.catch_up()
    known = person(story.databases.read, person_id)
    assert known is not None
    return known


def test_an_account_is_known_by_name_role_and_status(story: Story, runner: Runner) -> None:
    story.account(ENGINEER, "Ann", Role.ENGINEER)
    ann = found(story, runner, ENGINEER)
    assert (ann.kind, ann.name, ann.email) == ("account", "Ann", "ann@example.com")
    assert (ann.role, ann.status, ann.version, ann.erased) == ("engineer", "active", 2, False)
    assert person(story.databases.read, uuid4()) is None


def test_what_becomes_of_an_account_is_seen(story: Story, runner: Runner) -> None:
    story.account(ENGINEER, "Ann", Role.ENGINEER)
    story.mail(uuid4(), identity_of(MANAGER), name="", to="anna@new.example")
    story.happen(ENGINEER, Account.RoleChanged, old=Role.ENGINEER, new=Role.AUDITOR)
    story.happen(ENGINEER, Account.ProfileChanged, name="Anna")
    story.happen(
        ENGINEER, Account.EmailChangeConfirmed, email="anna@new.example", email_identity=identity_of(MANAGER)
    )
    story.happen(ENGINEER, Account.PasswordChanged, password_hash="$argon2id$", kept_session=None)
    ann = found(story, runner, ENGINEER)
    assert (ann.name, ann.email, ann.role, ann.version) == ("Anna", "anna@new.example", "auditor", 6)
    assert ann.email_identity == identity_of(MANAGER)
    assert person(story.databases.read, identity_of(MANAGER)) is None

    statuses = []
    changes: list[tuple[type[Any], dict[str, Any]]] = [
        (Account.Disabled, {"reason": "away"}),
        (Account.Enabled, {}),
        (Account.Closed, {}),
        (Account.Rejected, {"reason": "no"}),
    ]
    for event, told in changes:
        story.happen(ENGINEER, event, **told)
        statuses.append(found(story, runner, ENGINEER).status)
    assert statuses == ["disabled", "active", "closed", "rejected"]


def test_a_recipient_of_a_document_is_known_too(story: Story, runner: Runner) -> None:
    story.issued(story.report(), uuid4(), (Recipient(CLIENT, "Cleo", "cleo@example.com"),))
    cleo = found(story, runner, CLIENT)
    assert (cleo.kind, cleo.name, cleo.role, cleo.status) == ("recipient", "Cleo", None, None)
    story.mail(uuid4(), CLIENT, name="Cleo Client", to="cleo@example.com")
    assert found(story, runner, CLIENT).name == "Cleo Client"
    assert found(story, runner, CLIENT).known_since == cleo.known_since


def test_mail_to_somebody_with_an_account_makes_no_second_person(story: Story, runner: Runner) -> None:
    story.account(ENGINEER, "Ann", Role.ENGINEER)
    story.mail(uuid4(), identity_of(ENGINEER), name="Ann", to="ann@example.com")
    story.mail(uuid4(), ENGINEER, name="Ann", to="ann@example.com")
    story.mail(uuid4(), identity_of(MANAGER), name="Max", to="max@example.com")
    story.account(MANAGER, "Max", Role.TECHNICAL_MANAGER)
    runner.catch_up()
    assert [each.name for each in people_page(story.databases.read).rows] == ["Ann", "Max"]
    assert {each.kind for each in people_page(story.databases.read).rows} == {"account"}


def test_an_erased_person_shows_as_erased(story: Story, make_runner: MakeRunner) -> None:
    story.account(ENGINEER, "Ann", Role.ENGINEER)
    with story.databases.keys.write() as connection:
        connection.execute(delete(subject_keys))
    other = Story(story.databases, story.wakeups)
    story.store = other.store
    ann = found(story, make_runner(), ENGINEER)
    assert (ann.name, ann.email, ann.erased, ann.role) == ("(erased)", "(erased)", True, "engineer")


def test_many_names_are_looked_up_at_once(story: Story, runner: Runner) -> None:
    story.account(ENGINEER, "Ann", Role.ENGINEER)
    story.account(MANAGER, "Max", Role.TECHNICAL_MANAGER)
    runner.catch_up()
    assert names(story.databases.read, [ENGINEER, MANAGER, uuid4()]) == {ENGINEER: "Ann", MANAGER: "Max"}
    assert names(story.databases.read, []) == {}


def test_people_are_listed_by_name_with_filters(story: Story, runner: Runner) -> None:
    story.account(MANAGER, "Max", Role.TECHNICAL_MANAGER)
    story.account(ENGINEER, "Ann", Role.ENGINEER)
    story.mail(uuid4(), CLIENT, name="Cleo", to="cleo@example.com")
    runner.catch_up()
    read = story.databases.read
    assert [each.name for each in people_page(read).rows] == ["Ann", "Cleo", "Max"]
    assert [each.name for each in people_page(read, kind="account").rows] == ["Ann", "Max"]
    assert [each.name for each in people_page(read, role="engineer").rows] == ["Ann"]
    assert [each.name for each in people_page(read, status="active", limit=1).rows] == ["Ann"]
