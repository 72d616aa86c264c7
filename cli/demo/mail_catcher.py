"""A mail server that delivers nothing: what it accepts lies as .eml files in a folder.

python -m countersign.cli.demo.mail_catcher DESCRIPTOR FOLDER
"""

from __future__ import annotations

import asyncio
import re
import signal
import socket
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from aiosmtpd.smtp import SMTP, Envelope, Session

from countersign.cli.demo.durable_file import replace_file

_UNFIT_FOR_A_NAME: Final = re.compile(r"[^A-Za-z0-9@.+-]")


class Catcher:
    """Handler: a mail is accepted once it is on the disk; one that comes twice makes two files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def handle_DATA(  # noqa: N802 - the name is aiosmtpd's
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Keep the mail."""
        recipient = _UNFIT_FOR_A_NAME.sub("_", ",".join(envelope.rcpt_tos))[:100]
        replace_file(self._folder / f"{time.time_ns()}-{recipient}.eml", _bytes_of(envelope))
        return "250 kept"


async def catch(door: socket.socket, folder: Path) -> None:
    """Accept mail until SIGTERM."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    server = await loop.create_server(
        lambda: SMTP(Catcher(folder), hostname="localhost", enable_SMTPUTF8=True, loop=loop), sock=door
    )
    await ended.wait()
    server.close()


def main(arguments: Sequence[str]) -> int:
    """Run the server."""
    descriptor, folder = arguments
    with socket.socket(fileno=int(descriptor)) as door:
        asyncio.run(catch(door, Path(folder)))
    return 0


def _bytes_of(envelope: Envelope) -> bytes:
    content = envelope.content
    return content if isinstance(content, bytes) else (content or "").encode()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
