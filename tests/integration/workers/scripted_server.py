"""A real mail server that does what a test's script says."""
# ruff: noqa: N802 - the names are aiosmtpd's

from __future__ import annotations

import asyncio
import socket
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session


@dataclass
class Script:
    """What the server answers at each step, at which step it hangs up, and where it says nothing more."""

    answers: dict[str, str] = field(default_factory=dict)
    cut: str = ""
    silent: str = ""
    users: dict[str, str] = field(default_factory=dict)
    received: list[Envelope] = field(default_factory=list)
    connections: list[SMTP] = field(default_factory=list)

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self.answers.get("MAIL", "250 OK")

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.answers.get("RCPT", "250 OK")
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        answer = self.answers.get("DATA", "250 taken as 4711")
        if answer.startswith("2"):
            self.received.append(envelope)
        return answer

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        known = self.users.get(data.login.decode()) == data.password.decode()
        return AuthResult(success=known, handled=False)


class ScriptedSmtp(SMTP):
    """The server's side of one connection."""

    def __init__(self, script: Script, **options: Any) -> None:
        super().__init__(script, **options)
        self.script = script

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.script.connections.append(self)

    async def push(self, status: str) -> None:
        step = "greeting" if self.session.host_name is None and status.startswith("220 ") else status
        if self.script.silent == "greeting" and step == "greeting":
            await asyncio.sleep(3600)
        if self.script.cut == "greeting" and step == "greeting":
            self.transport.abort()
            return
        if step == "greeting":
            status = self.script.answers.get("greeting", status)
        await super().push(status)

    async def smtp_RCPT(self, arg: str) -> None:
        if self.script.cut == "RCPT":
            self.transport.abort()
            return
        await super().smtp_RCPT(arg)

    async def smtp_DATA(self, arg: str) -> None:
        if self.script.cut == "DATA command":
            self.transport.abort()
        elif answer := self.script.answers.get("DATA command"):
            await self.push(answer)
        elif self.script.cut == "content":
            await self.push("354 go on")
            await self._reader.read(64)
            self.transport.abort()
        elif self.script.cut == "after the final dot" or self.script.silent == "after the final dot":
            await self.push("354 go on")
            self.envelope.content = await self._reader.readuntil(b"\r\n.\r\n")
            self.script.received.append(self.envelope)
            if self.script.silent:
                await asyncio.sleep(3600)
            self.transport.abort()
        else:
            await super().smtp_DATA(arg)


class ScriptedController(Controller):
    """Serves on a free port, in a thread of its own."""

    def __init__(self, script: Script, **options: Any) -> None:
        self.script = script
        super().__init__(script, hostname="127.0.0.1", port=free_port(), **options)

    def factory(self) -> ScriptedSmtp:
        return ScriptedSmtp(self.script, **self.SMTP_kwargs)

    def stop(self, no_assert: bool = False) -> None:
        asyncio.run_coroutine_threadsafe(self._hang_up(), self.loop).result(5)
        super().stop(no_assert)

    async def _hang_up(self) -> None:
        for connection in self.script.connections:
            if connection.transport is not None:
                connection.transport.abort()
        await asyncio.sleep(0.02)  # until the loop has closed them


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
