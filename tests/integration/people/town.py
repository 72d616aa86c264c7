"""The API with its workers, and the mailboxes of the people who use it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage as Mail
from pathlib import Path
from typing import Self

from countersign.aggregates.role import Role
from countersign.commands.account.one_time_tokens import OneTimeTokens
from countersign.eventstore.databases import Databases
from countersign.eventstore.wakeups import Wakeups
from countersign.workers.equipment import Surroundings
from countersign.workers.kinds import COMMANDS, MAIL
from countersign.workers.options import SmtpOptions
from countersign.workers.rendering.limits import Limits
from countersign.workers.rendering.renderer import Renderer
from countersign.workers.workforce import REACTIONS, worker_parts
from tests.integration.http.service import ONE_TIME_KEY, Caller, Service
from tests.integration.workers.plant import read, said, settings
from tests.integration.workers.running import now, running, wait_until
from tests.integration.workers.scripted_server import Script

CODE = re.compile(r"^  ([A-Za-z0-9_-]{64})\r?$", re.MULTILINE)


@dataclass
class Town:
    """Everybody can look into every mailbox here."""

    service: Service
    script: Script

    @classmethod
    @contextmanager
    def of(
        cls,
        service: Service,
        databases: Databases,
        wakeups: Wakeups,
        script: Script,
        smtp: SmtpOptions,
        folder: Path,
    ) -> Iterator[Self]:
        """A town whose workers run until the block ends."""
        around = Surroundings(
            databases=databases,
            log=service.log,
            store=service.store,
            dispatcher=service.dispatcher,
            wakeups=wakeups,
            flags=service.flags,
            holder="worker-1",
            clock=now,
            one_time_tokens=OneTimeTokens(ONE_TIME_KEY),
        )
        wanted = (REACTIONS, COMMANDS, MAIL)
        with running(*worker_parts(around, settings(folder, smtp), Renderer(), Limits(), wanted)):
            yield cls(service, script)

    @property
    def nobody(self) -> Caller:
        return self.service.nobody

    @property
    def administrator(self) -> Caller:
        return self.service.signed_in(Role.ADMINISTRATOR)

    def signed_in(self, email: str, password: str) -> Caller:
        answer = self.nobody.post("/v1/auth/login", {"email": email, "password": password})
        assert answer.status_code == 200, answer.text
        return Caller(self.service.client, answer.json)

    def mails_to(self, email: str) -> list[Mail]:
        return [read(each) for each in self.script.received if each.rcpt_tos == [email]]

    def next_mail(self, email: str, count: int = 1) -> Mail:
        """The last mail to an address, once it has got so many."""
        wait_until(lambda: len(self.mails_to(email)) >= count)
        (*_, mail) = self.mails_to(email)
        return mail

    def code(self, email: str, count: int = 1) -> str:
        """The code in the last mail to an address."""
        (code,) = CODE.findall(said(self.next_mail(email, count)))
        return str(code)
