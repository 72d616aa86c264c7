"""A real mail server that does what a test's script says."""
# ruff: noqa: N802 - the names are aiosmtpd's

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any, AnyStr, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from tests.ports import free_port


@dataclass
class Script:
    """What the server answers at each step, at which step it hangs up, and where it says nothing more."""

    answers: dict[str, str] = field(default_factory=dict)
    cut: str = ""
    silent: str = ""
    users: dict[str, str] = field(default_factory=dict)
    received: list[Envelope] = field(default_factory=list)
    connections: list[ScriptedSmtp] = field(default_factory=list)

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

    async def push(self, status: AnyStr) -> None:
        given: object = status
        await self._push(given.decode() if isinstance(given, bytes) else str(given))

    async def _push(self, status: str) -> None:
        greeted = self.session is not None and self.session.host_name is not None
        step = status if greeted or not status.startswith("220 ") else "greeting"
        if self.script.silent == "greeting" and step == "greeting":
            await asyncio.sleep(3600)
        if self.script.cut == "greeting" and step == "greeting":
            self._cut()
            return
        if step == "greeting":
            status = self.script.answers.get("greeting", status)
        await super().push(status)

    async def smtp_RCPT(self, arg: str) -> None:
        if self.script.cut == "RCPT":
            self._cut()
            return
        await super().smtp_RCPT(arg)

    async def smtp_DATA(self, arg: str) -> None:
        if self.script.cut == "DATA command":
            self._cut()
        elif answer := self.script.answers.get("DATA command"):
            await self.push(answer)
        elif self.script.cut == "content":
            await self.push("354 go on")
            await self._reader.read(64)
            self._cut()
        elif self.script.cut == "after the final dot" or self.script.silent == "after the final dot":
            await self.push("354 go on")
            envelope = cast("Envelope", self.envelope)
            envelope.content = await self._read_content()
            self.script.received.append(envelope)
            if self.script.silent:
                await asyncio.sleep(3600)
            self._cut()
        else:
            await super().smtp_DATA(arg)

    async def _read_content(self) -> bytes:
        content = b""
        while not content.endswith(b"\r\n.\r\n"):
            content += await self._reader.readuntil()
        return content

    def hang_up(self) -> None:
        if self.transport is not None:
            self._cut()

    def _cut(self) -> None:
        cast("asyncio.WriteTransport", self.transport).abort()


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
            connection.hang_up()
        await asyncio.sleep(0.02)  # until the loop has closed them
