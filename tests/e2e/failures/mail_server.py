"""A mail server that comes and goes; what it takes lies as files in a folder."""

from __future__ import annotations

import socket
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from tests.ports import free_port


@dataclass
class MailServer:
    """At one port of this machine, while it is there."""

    folder: Path
    port: int = field(default_factory=free_port)
    _process: subprocess.Popen[bytes] | None = None

    @property
    def taken(self) -> int:
        """How many mails it has taken."""
        return len(list(self.folder.glob("*.eml")))

    def start(self) -> None:
        """Come, or come back."""
        with socket.create_server(("127.0.0.1", self.port)) as door:
            command = [sys.executable, "-m", "countersign.cli.demo.mail_catcher", str(door.fileno())]
            self._process = subprocess.Popen([*command, str(self.folder)], pass_fds=[door.fileno()])
        with socket.create_connection(("127.0.0.1", self.port), timeout=20) as connection:
            assert connection.recv(3) == b"220"

    def stop(self) -> None:
        """Go away: nobody is at the door."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
