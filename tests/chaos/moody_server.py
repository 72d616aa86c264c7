"""A mail server that refuses some mails for a while, and hangs up on others, once each."""
# ruff: noqa: N802 - the names are aiosmtpd's

from __future__ import annotations

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field
from email import message_from_bytes
from enum import StrEnum
from random import Random
from typing import cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.ports import free_port


class Mood(StrEnum):
    """What befalls a mail when it comes for the first time."""

    REFUSED = "refused for now"
    CUT_BEFORE_DATA = "cut before DATA"
    CUT_AFTER_DOT = "cut after the final dot"


SHARES = {Mood.REFUSED: 0.10, Mood.CUT_BEFORE_DATA: 0.05, Mood.CUT_AFTER_DOT: 0.02}


def moods(mails: int, random: Random) -> dict[str, Mood]:
    """So many of the addresses are met with each mood."""
    addresses = [address(number) for number in range(mails)]
    random.shuffle(addresses)
    return {addresses.pop(): mood for mood, share in SHARES.items() for _ in range(round(mails * share))}


def address(number: int) -> str:
    return f"m{number}@example.com"


@dataclass
class MoodyServer:
    """What it will do, and what it has taken: by Message-ID, so that a second copy is seen."""

    moods: dict[str, Mood]
    taken: Counter[str] = field(default_factory=Counter)
    met: dict[str, float] = field(default_factory=dict)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self._meets(address, Mood.REFUSED):
            return "451 4.7.1 come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        mail = message_from_bytes(cast("bytes", envelope.content))
        self.taken[mail["Message-ID"]] += 1
        if self._meets(envelope.rcpt_tos[0], Mood.CUT_AFTER_DOT):
            _hang_up(server)
        return "250 taken"

    def met_with(self, mood: Mood) -> set[str]:
        """The addresses that this has befallen."""
        return {recipient for recipient in self.met if self.moods[recipient] is mood}

    def cuts_before_data(self, envelope: Envelope) -> bool:
        """Whether it hangs up on this one now."""
        return self._meets(envelope.rcpt_tos[0], Mood.CUT_BEFORE_DATA)

    def _meets(self, recipient: str, mood: Mood) -> bool:
        if self.moods.get(recipient) is not mood or recipient in self.met:
            return False
        self.met[recipient] = time.time()
        return True


class _Connection(SMTP):
    async def smtp_DATA(self, arg: str) -> None:
        server = cast("MoodyServer", self.event_handler)
        if server.cuts_before_data(cast("Envelope", self.envelope)):
            _hang_up(self)
        else:
            await super().smtp_DATA(arg)


class MoodyController(Controller):
    """Serves on a free port, in a thread of its own."""

    def __init__(self, server: MoodyServer) -> None:
        self.moody = server
        super().__init__(server, hostname="127.0.0.1", port=free_port())

    def factory(self) -> SMTP:
        return _Connection(self.handler, **self.SMTP_kwargs)


def _hang_up(connection: SMTP) -> None:
    cast("asyncio.WriteTransport", connection.transport).abort()
