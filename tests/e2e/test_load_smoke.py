"""Ten seconds of the load test, without a failure."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from countersign.aggregates.role import Role
from countersign.cli.demo.people import Person, cast
from countersign.cli.demo.run_file import load_run
from tests.e2e.conftest import Demo
from tests.e2e.demo_process import PATIENCE_S, DemoProcess, bare_environment
from tests.e2e.finished_jobs import FinishedJobs

LOCUSTFILE = Path(__file__).parents[1] / "performance" / "locustfile.py"


@pytest.fixture
def service(demo: Demo, finished_jobs: FinishedJobs) -> Iterator[DemoProcess]:
    with finished_jobs.copy() as job:
        running = demo(job.folder.path)
        running.wait_until_said("Serving at")
        yield running
        running.end()


@pytest.mark.slow
def test_ten_seconds_of_load_pass_without_a_failure(service: DemoProcess, tmp_path: Path) -> None:
    run = load_run(service.folder.run_file)
    ended = subprocess.run(
        load_test(run.api_url, cast(run)[Role.ADMINISTRATOR], tmp_path / "figures"),
        env=bare_environment(),
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    written = (tmp_path / "figures_stats.csv").read_text(encoding="utf-8")
    figures = {row["Name"]: row for row in csv.DictReader(written.splitlines())}
    assert figures["Aggregated"]["Failure Count"] == "0"
    assert int(figures["report drafted, submitted and rendered"]["Request Count"]) > 0


def load_test(host: str, administrator: Person, figures: Path) -> list[str]:
    options = {
        "--host": host,
        "--users": "2",
        "--spawn-rate": "2",
        "--run-time": "10s",
        "--csv": str(figures),
        "--admin-email": administrator.email,
        "--admin-password": administrator.password,
    }
    told = [part for option in options.items() for part in option]
    return [sys.executable, "-m", "locust", "-f", str(LOCUSTFILE), "--headless", "--only-summary", *told]
