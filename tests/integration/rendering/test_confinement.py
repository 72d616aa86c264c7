from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest

PREPARED = """
import os, socket, subprocess, sys
from countersign.workers.rendering.confinement import confine, leave_the_network
from countersign.workers.rendering.limits import Limits
"""


def ran_confined(statement: str) -> subprocess.CompletedProcess[str]:
    """What became of the statement in a confined process."""
    code = f"{PREPARED}confine(Limits(cpu_s=1, memory_bytes=1 << 29, wall_s=1))\n{statement}\nprint('done')"
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=False
    )


@pytest.mark.parametrize(
    "statement",
    [
        "socket.socket().connect(('127.0.0.1', 9))",
        "socket.getaddrinfo('localhost', 80)",
        "subprocess.run(['true'])",
        "os.system('true')",
        "os.fork()",
        "os.execv('/bin/true', ['true'])",
        "import ctypes; ctypes.CDLL(None)",
    ],
)
def test_sockets_and_programs_are_refused(statement: str) -> None:
    process = ran_confined(statement)
    assert "is refused while a document is rendered" in process.stderr
    assert "done" not in process.stdout


def test_files_cannot_be_written(tmp_path: Path) -> None:
    process = ran_confined(f"file = open({str(tmp_path / 'x')!r}, 'wb', buffering=0); file.write(b'x')")
    assert "File too large" in process.stderr


def test_memory_and_processor_time_end() -> None:
    assert "MemoryError" in ran_confined("bytearray(1 << 30)").stderr
    assert ran_confined("while True: pass").returncode < 0


def test_waiting_ends_too() -> None:
    assert ran_confined("import time; time.sleep(20)").returncode < 0


def test_the_network_namespace_reaches_nobody_where_the_kernel_permits_one() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        connect = f"socket.create_connection({listening.getsockname()!r}, timeout=5)"
        code = f"{PREPARED}{connect}\nprint(leave_the_network(), flush=True)\n{connect}"
        process = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    if process.stdout.strip() != "namespace":
        pytest.skip("this kernel permits no network namespace: the audit hook is what keeps templates off")
    assert "Network is unreachable" in process.stderr
