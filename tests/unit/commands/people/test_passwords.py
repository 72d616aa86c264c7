"""Passwords are changed by who knows them, reset by who reads the mail, and hashed anew at a log-in."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from uuid import UUID, uuid4

import pytest

from countersign.aggregates.account import Account
from countersign.aggregates.account_refusals import InvalidOneTimeToken, PasswordReused
from countersign.aggregates.email_address import InvalidEmail
from countersign.aggregates.mailbox import Mailbox
from countersign.aggregates.role import Role
from countersign.aggregates.session import SessionEnded
from countersign.commands.account.change_password import ChangePassword
from countersign.commands.account.close_account import CloseAccount
from countersign.commands.account.disable_account import DisableAccount
from countersign.commands.account.enable_account import EnableAccount
from countersign.commands.account.one_time_tokens import TokenPurpose
from countersign.commands.account.request_password_reset import RequestPasswordReset
from countersign.commands.account.reset_password import ResetPassword
from countersign.commands.account.update_profile import UpdateProfile
from countersign.commands.password_hashes import HashCost
from countersign.commands.password_rules import WeakPassword
from countersign.commands.session.attempt import BadCredentials, require_success
from countersign.commands.session.log_in import LogIn
from countersign.eventstore.context import ANONYMOUS, Context
from tests.unit.commands.people.letters import TOKENS, codes, reset_code, verified
from tests.unit.commands.people.service import PASSWORD, Service

People = dict[Role, UUID]
ENGINEER = "engineer@example.com"
NEW = "another good one"


def change(service: Service, who: UUID, session: UUID | None, old: str = PASSWORD, new: str = NEW) -> None:
    receipt = service.give(ChangePassword(current_password=old, new_password=new), who, session)
    require_success(service.shared.aggregates, receipt, who)


def reset(service: Service, token: str, password: str = NEW) -> None:
    service.give(ResetPassword(token=token, password=password), ANONYMOUS)


def test_a_changed_password_ends_all_sessions_but_the_one_it_was_changed_in(
    service: Service, people: People
) -> None:
    engineer, here, elsewhere = people[Role.ENGINEER], service.sign_in(ENGINEER), service.sign_in(ENGINEER)

    change(service, engineer, here)

    service.give(UpdateProfile(account_id=engineer, name="Eva"), engineer, here)
    with pytest.raises(SessionEnded):
        service.give(UpdateProfile(account_id=engineer, name="Ann"), engineer, elsewhere)
    with pytest.raises(BadCredentials):
        service.sign_in(ENGINEER)
    later = service.sign_in(ENGINEER, NEW)
    service.give(UpdateProfile(account_id=engineer, name="Ann"), engineer, later)


def test_a_wrong_current_password_changes_nothing_and_is_counted(service: Service, people: People) -> None:
    engineer = people[Role.ENGINEER]
    kept = service.state(Account, engineer).password_hash

    with pytest.raises(BadCredentials):
        change(service, engineer, service.sign_in(ENGINEER), old="wrong horse battery")

    assert service.state(Account, engineer).password_hash == kept
    assert "sign_in_throttle.login_failed" in service.topics()


def test_none_of_the_last_five_passwords_comes_back(service: Service, people: People) -> None:
    engineer = people[Role.ENGINEER]
    known = [PASSWORD, *(f"good phrase number {n}" for n in range(1, 6))]
    for old, new in pairwise(known):
        change(service, engineer, None, old, new)

    for used in known[1:]:
        with pytest.raises(PasswordReused) as refusal:
            change(service, engineer, None, known[-1], used)
        assert (refusal.value.code, refusal.value.status) == ("password_reused", 422)
        assert refusal.value.pointers[0][0] == "/new_password"
    change(service, engineer, None, known[-1], PASSWORD)


def test_a_new_password_has_to_be_a_good_one(service: Service, people: People) -> None:
    for weak in ("short", "password2024!", "Kim Vega was here", "the engineer was here"):
        with pytest.raises(WeakPassword) as refusal:
            change(service, people[Role.ENGINEER], None, new=weak)
        assert refusal.value.pointers[0][0] == "/new_password"


def test_a_lost_password_is_replaced_by_who_reads_the_mail(service: Service, people: People) -> None:
    engineer, session = people[Role.ENGINEER], service.sign_in(ENGINEER)
    token = reset_code(service, ENGINEER.upper())

    reset(service, token)

    assert service.topics()[-2:] == ["account.password_reset", "mailbox.password_reset_redeemed"]
    with pytest.raises(SessionEnded):
        service.give(UpdateProfile(account_id=engineer, name="Eva"), engineer, session)
    service.sign_in(ENGINEER, NEW)
    with pytest.raises(InvalidOneTimeToken):
        reset(service, token, "yet another one")


def test_a_reset_is_noted_in_the_same_way_for_an_address_that_nobody_has(
    service: Service, people: People
) -> None:
    before = len(service.topics())

    token = reset_code(service, "nobody@example.com")

    assert service.topics()[before:] == ["mailbox.opened", "mailbox.password_reset_requested"]
    with pytest.raises(InvalidOneTimeToken):
        reset(service, token)
    with pytest.raises(InvalidEmail):
        reset_code(service, "nobody")


def test_a_code_runs_out_after_half_an_hour(service: Service, people: People) -> None:
    token = reset_code(service, ENGINEER)
    service.later(minutes=30)
    with pytest.raises(InvalidOneTimeToken):
        reset(service, token)


def test_an_unfit_password_leaves_the_code_good(service: Service, people: People) -> None:
    token = reset_code(service, ENGINEER)
    for error, unfit in ((WeakPassword, "short"), (PasswordReused, PASSWORD)):
        with pytest.raises(error):
            reset(service, token, unfit)
    reset(service, token)


def test_a_stranger_neither_floods_a_mailbox_nor_voids_the_codes_in_it(
    service: Service, people: People
) -> None:
    token = reset_code(service, ENGINEER)
    for _ in range(4):
        service.give(RequestPasswordReset(email=ENGINEER), ANONYMOUS)

    assert len(codes(service, Mailbox.PasswordResetRequested)) == 3
    reset(service, token)
    for other in codes(service, Mailbox.PasswordResetRequested):
        with pytest.raises(InvalidOneTimeToken):
            reset(service, other)


def test_codes_that_have_run_out_are_forgotten(service: Service, people: People) -> None:
    reset_code(service, ENGINEER)
    service.later(hours=1)
    reset_code(service, ENGINEER)

    mailbox = next(each.stream for each in service.happened() if each.topic == "mailbox.opened")
    assert len(service.state(Mailbox, mailbox).resets) == 1


def test_who_waits_to_be_let_in_may_reset_too(service: Service, administrator: UUID) -> None:
    account = verified(service)
    reset(service, reset_code(service, "sara@example.com"))
    assert service.state(Account, account).version == 3


def test_who_is_kept_out_gets_no_new_password(service: Service, people: People, administrator: UUID) -> None:
    engineer = people[Role.ENGINEER]
    early = reset_code(service, ENGINEER)
    service.give(DisableAccount(account_id=engineer, reason="gone"), administrator)

    for token in (early, reset_code(service, ENGINEER)):
        with pytest.raises(InvalidOneTimeToken):
            reset(service, token)
    service.give(EnableAccount(account_id=engineer), administrator)
    service.give(CloseAccount(account_id=engineer), administrator)
    with pytest.raises(InvalidOneTimeToken):
        reset(service, early)


def test_a_code_for_what_is_no_mailbox_resets_nothing(service: Service, people: People) -> None:
    with pytest.raises(InvalidOneTimeToken):
        reset(service, TOKENS.make(TokenPurpose.PASSWORD_RESET, people[Role.ENGINEER], "0" * 32))


def test_a_log_in_hashes_anew_what_was_hashed_at_another_cost(service: Service, people: People) -> None:
    engineer = people[Role.ENGINEER]
    before = service.state(Account, engineer).password_hash
    dearer = service.another_dispatcher(password_cost=replace(service.options.password_cost, passes=2))

    def log_in(key: str) -> None:
        command = LogIn(session_id=uuid4(), email=ENGINEER, password=PASSWORD)
        dearer.dispatch(command, Context(actor=ANONYMOUS, command_key=key, correlation="test"))

    session = service.sign_in(ENGINEER)
    log_in("1")
    log_in("2")

    account = service.state(Account, engineer)
    assert "t=1" in str(before)
    assert "t=2" in str(account.password_hash)
    assert service.topics().count("account.password_rehashed") == 1
    assert account.earlier_passwords == ()
    service.give(UpdateProfile(account_id=engineer, name="Eva"), engineer, session)  # no session ended


def test_the_cost_that_ships_is_the_least_that_is_recommended() -> None:
    assert (HashCost().memory_kib, HashCost().passes, HashCost().lanes) == (19456, 2, 1)
    assert HashCost().at_once == 2
