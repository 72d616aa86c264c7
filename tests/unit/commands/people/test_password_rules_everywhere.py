"""The rules of an installation hold on every way to a new password."""

from __future__ import annotations

from uuid import uuid4

import pytest

from countersign.aggregates.role import Role
from countersign.commands.account.bootstrap_administrator import BootstrapAdministrator
from countersign.commands.account.change_password import ChangePassword
from countersign.commands.account.register_account import RegisterAccount
from countersign.commands.account.reset_password import ResetPassword
from countersign.commands.account.sign_up import SignUp
from countersign.commands.password_rules import PasswordRules, WeakPassword
from countersign.eventstore.context import ANONYMOUS
from tests.unit.commands.people.letters import reset_code
from tests.unit.commands.people.service import PASSWORD, Service

NAMED = "acmetron makes valves"
RULES = PasswordRules(forbidden_words=("Acmetron",))
SOMEBODY = {"name": "Kim Vega", "email": "new@example.com", "password": NAMED}


def test_the_first_administrator_does_not_take_a_name_of_the_company(service: Service) -> None:
    service.dispatcher = service.another_dispatcher(password_rules=RULES)

    with pytest.raises(WeakPassword):
        service.give(BootstrapAdministrator(account_id=uuid4(), **SOMEBODY))


def test_nobody_takes_a_name_of_the_company_later(service: Service) -> None:
    administrator = service.bootstrap()
    code = reset_code(service, "ada@example.com")
    service.dispatcher = service.another_dispatcher(password_rules=RULES)

    with pytest.raises(WeakPassword):
        service.give(RegisterAccount(account_id=uuid4(), role=Role.ENGINEER, **SOMEBODY), administrator)
    with pytest.raises(WeakPassword):
        service.give(SignUp(registration_id=uuid4(), requested_role=Role.ENGINEER, **SOMEBODY), ANONYMOUS)
    with pytest.raises(WeakPassword):
        service.give(ChangePassword(current_password=PASSWORD, new_password=NAMED), administrator)
    with pytest.raises(WeakPassword):
        service.give(ResetPassword(token=code, password=NAMED), ANONYMOUS)
    service.give(
        ChangePassword(current_password=PASSWORD, new_password="valves are made here"), administrator
    )
