"""How the demo behaves towards who calls it: what it prints works, and it leaves nothing behind."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from countersign.cli.demo.process_table import birth_of
from countersign.cli.demo.run_file import Folder, load_run, save_run
from tests.e2e.conftest import Demo
from tests.e2e.demo_process import PATIENCE_S, DemoProcess, bare_environment, countersign
from tests.e2e.finished_jobs import FinishedJobs


@pytest.fixture(scope="module")
def serving(demo: Demo, finished_jobs: FinishedJobs) -> Iterator[DemoProcess]:
    """One that goes on where the job is done."""
    with finished_jobs.copy() as job:
        running = demo(job.folder.path)
        running.wait_until_said("Serving at")
        yield running
        running.end()


def test_the_three_commands_that_it_ends_with_work_when_pasted(serving: DemoProcess) -> None:
    *_, tail = serving.said.partition("Try this:\n")
    commands = [line for line in tail.splitlines() if line.startswith("  ")][:3]
    assert len(commands) == 3
    log_in, timeline, jobs = (pasted(command) for command in commands)
    assert json.loads(log_in)["access_token"]
    assert "Revision R0 issued" in timeline
    assert "revision_issued_client" in jobs


def test_every_role_has_a_log_in(serving: DemoProcess) -> None:
    *_, tail = serving.said.partition("One log-in for each role")
    run = load_run(serving.folder.run_file)
    for role, password in run.passwords.items():
        assert role.replace("_", " ") in tail
        assert password in tail


def test_secrets_lie_in_files_of_their_owner_alone(serving: DemoProcess) -> None:
    for path in (serving.folder.run_file, serving.folder.journal):
        assert path.stat().st_mode & 0o077 == 0


def test_no_log_file_shows_a_password(serving: DemoProcess) -> None:
    logs = "".join(path.read_text(encoding="utf-8") for path in serving.folder.logs.iterdir())
    assert "LogIn" in logs
    assert not [role for role, word in load_run(serving.folder.run_file).passwords.items() if word in logs]


def test_a_folder_has_one_demo_at_a_time(serving: DemoProcess) -> None:
    status, said = tried("--data-dir", str(serving.folder.path))
    assert (status, "running" in said) == (2, True)


def test_a_folder_with_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine", encoding="utf-8")
    status, said = tried("--data-dir", str(tmp_path))
    assert (status, "something else" in said) == (2, True)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_database_that_is_not_there_is_named(folders: Callable[[], Path]) -> None:
    url = "postgresql://nobody@127.0.0.1:1/nothing"
    status, said = tried("--data-dir", str(folders()), "--database-url", url)
    assert (status, "127.0.0.1" in said) == (2, True)


def test_ctrl_c_in_the_middle_ends_every_process_and_tells_how_to_go_on(
    demo: Demo, folders: Callable[[], Path]
) -> None:
    running = demo(folders(), "--exit")
    running.wait_until_said("lets people in")
    pids = processes_of(running.folder)
    assert running.interrupt() == 1
    assert not still_running(pids)
    assert f"demo --data-dir {running.folder.path}" in running.said


def test_the_processes_of_a_killed_demo_end_by_themselves(killed: tuple[Folder, dict[int, str]]) -> None:
    _, pids = killed
    give_up = time.monotonic() + PATIENCE_S
    while still_running(pids):
        assert time.monotonic() < give_up
        time.sleep(0.1)


def test_a_step_that_fails_is_told_with_its_reason_and_the_log_files(
    killed: tuple[Folder, dict[int, str]],
) -> None:
    folder, _ = killed
    run = load_run(folder.run_file)
    save_run(folder.run_file, replace(run, passwords={**run.passwords, "engineer": "another password"}))
    status, said = tried("--exit", "--data-dir", str(folder.path))
    assert status == 1
    assert "bad_credentials" in said
    assert str(folder.logs) in said


@pytest.fixture(scope="module")
def killed(demo: Demo, folders: Callable[[], Path]) -> tuple[Folder, dict[int, str]]:
    """A demo that was killed early, and the processes that it had."""
    running = demo(folders(), "--exit")
    running.wait_until_said("lets people in")
    pids = processes_of(running.folder)
    running.kill()
    return running.folder, pids


def pasted(command: str) -> str:
    return subprocess.run(
        ["bash", "-c", command],
        check=True,
        capture_output=True,
        text=True,
        env=bare_environment(),
        timeout=PATIENCE_S,
    ).stdout


def tried(*arguments: str) -> tuple[int, str]:
    """A demo that is expected to end at once: its status and what it said."""
    ended = subprocess.run(
        countersign("demo", *arguments),
        check=False,
        capture_output=True,
        text=True,
        env=bare_environment(),
        timeout=PATIENCE_S,
    )
    return ended.returncode, ended.stdout + ended.stderr


def processes_of(folder: Folder) -> dict[int, str]:
    return dict(json.loads(folder.processes.read_bytes()).values())


def still_running(pids: dict[int, str]) -> list[int]:
    return [pid for pid, birth in pids.items() if birth_of(pid) == birth]
