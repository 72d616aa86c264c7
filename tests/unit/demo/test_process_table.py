from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from countersign.cli.demo.process_table import ProcessTable, birth_of

STUBBORN = "import signal, time; signal.signal(15, signal.SIG_IGN); print(flush=True); time.sleep(60)"
OBEDIENT = "import time; print(flush=True); time.sleep(60)"


@pytest.fixture(params=[OBEDIENT, STUBBORN], ids=["obedient", "stubborn"])
def left_behind(request: pytest.FixtureRequest) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen([sys.executable, "-c", request.param], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        yield process
        process.kill()


def test_a_process_that_was_left_behind_is_ended(
    tmp_path: Path, left_behind: subprocess.Popen[bytes]
) -> None:
    path = tmp_path / "processes.json"
    ProcessTable(path).write({"worker": left_behind.pid})
    assert ProcessTable(path).end_all(0.5) == ["worker"]
    assert left_behind.wait(5) < 0
    assert ProcessTable(path).end_all(0.5) == []


def test_another_process_that_has_got_the_same_number_is_left_alone(
    tmp_path: Path, left_behind: subprocess.Popen[bytes]
) -> None:
    path = tmp_path / "processes.json"
    path.write_text(json.dumps({"worker": [left_behind.pid, "an earlier time"]}), encoding="utf-8")
    assert ProcessTable(path).end_all(0.5) == []
    assert left_behind.poll() is None


def test_a_process_has_one_birth_and_a_dead_one_none(left_behind: subprocess.Popen[bytes]) -> None:
    assert birth_of(left_behind.pid) == birth_of(left_behind.pid) != birth_of(os.getpid())
    left_behind.kill()
    left_behind.wait()
    assert birth_of(left_behind.pid) is None
