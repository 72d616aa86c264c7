from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

import pytest

from countersign.aggregates.role import Role
from countersign.commands.account.bootstrap_administrator import BootstrapAdministrator
from countersign.eventstore.databases import Databases
from countersign.eventstore.wakeups import Wakeups
from countersign.workers.options import SmtpOptions
from tests.furniture import Furnish, complete
from tests.integration.http.service import PASSWORD, Service, email_of
from tests.integration.people.town import Town
from tests.integration.workers.scripted_server import Script, ScriptedController


@pytest.fixture(scope="session")
def furnish() -> Furnish:
    return complete


@pytest.fixture
def town(databases: Databases, wakeups: Wakeups, tmp_path: Path) -> Iterator[Town]:
    """A service with one administrator, its workers, and a mail server: all of them real."""
    with ExitStack() as held:
        service = Service(databases, wakeups)
        held.callback(service.close)
        service.give(
            BootstrapAdministrator(
                account_id=uuid4(),
                name="Ada Administrator",
                email=email_of(Role.ADMINISTRATOR),
                password=PASSWORD,
            )
        )
        script = Script()
        server = ScriptedController(script)
        server.start()
        held.callback(server.stop)
        smtp = SmtpOptions(
            host="127.0.0.1", port=server.port, from_address="countersign@example.org", timeout_s=5.0
        )
        yield held.enter_context(Town.of(service, databases, wakeups, script, smtp, tmp_path))
