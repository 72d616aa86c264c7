"""Wake-ups through Unix datagram sockets in a folder, for processes of one machine."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Iterator, Sequence
from pathlib import Path
from secrets import token_hex

from countersign.eventstore.wakeups import Listener, ListenerBase

# A socket's path has at most 108 bytes on Linux, 104 on macOS, with a closing zero.
_LONGEST_PATH = 103
_BETWEEN = "+"
_log = logging.getLogger(__name__)


class SocketWakeups:
    """See `Wakeups`. Each listener binds a socket of its own, whose name says what it listens to."""

    degraded = ""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @staticmethod
    def fits(folder: Path) -> bool:
        """Whether the path of a socket in that folder is short enough."""
        return len(os.fsencode(_new_path(folder, ("effects", "log", "read")))) <= _LONGEST_PATH

    def signal(self, channel: str) -> None:
        """Send a byte to everybody who listens on the channel."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            sender.setblocking(False)
            for path in self._listening(channel):
                _send(sender, path)

    def listen(self, *channels: str) -> Listener:
        """Bind a socket."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return _Bound(_new_path(self._folder, channels))

    def close(self) -> None:
        """There is nothing to give back."""

    def _listening(self, channel: str) -> Iterator[str]:
        try:
            sockets = list(self._folder.iterdir())
        except FileNotFoundError:
            return
        for path in sockets:
            if channel in path.stem.split(_BETWEEN):
                yield str(path)


class _Bound(ListenerBase):
    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(path))

    @property
    def hears(self) -> bool:
        return self._path.exists()

    def wait(self, timeout_s: float) -> bool:
        self._socket.settimeout(timeout_s)
        try:
            self._socket.recv(1)
        except TimeoutError:
            return False
        self._drain()
        return True

    def close(self) -> None:
        super().close()
        self._socket.close()
        self._path.unlink(missing_ok=True)

    def _drain(self) -> None:
        # What came meanwhile is the same signal.
        self._socket.setblocking(False)
        try:
            while self._socket.recv(1):
                continue
        except BlockingIOError:
            return


def _new_path(folder: Path, channels: Sequence[str]) -> Path:
    return folder / f"{_BETWEEN.join(channels)}.{token_hex(4)}"


def _send(sender: socket.socket, path: str) -> None:
    try:
        sender.sendto(b"!", path)
    except BlockingIOError:
        return  # it has been signalled and has not looked yet
    except ConnectionRefusedError:
        Path(path).unlink(missing_ok=True)  # whoever bound it is dead
    except FileNotFoundError:
        return  # closed a moment ago
    except OSError as error:
        _log.warning("a reader is not woken through %s: %s", path, error)
