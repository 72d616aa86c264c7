"""PgBouncer in transaction mode, with fewer connections than threads: nothing leans on a session."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.failures.customers import Customers
from tests.e2e.failures.pooler import WHY_NOT, pooler
from tests.e2e.failures.reckoning import require_nothing_lost
from tests.e2e.failures.site import EMAIL, PASSWORD, Site, wait_until
from tests.stoppable_postgres import stoppable_postgres

pytestmark = [
    pytest.mark.slow,
    pytest.mark.chaos,
    pytest.mark.postgres,
    pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT),
]


def test_everything_works_through_a_pooler_but_for_who_listens(short_folder: Path) -> None:
    with stoppable_postgres() as postgres, pooler(short_folder, postgres.url) as url:
        told = {"COUNTERSIGN_DATABASE_URL": url, "COUNTERSIGN_DATABASE__LISTEN_URL": postgres.url}
        site = Site(short_folder, told)
        site.init()
        with site.running("work"), site.running("schedule"), site.api() as at:
            customers = Customers([at] * 4)
            with customers.at_work():
                wait_until(lambda: len(customers.accepted) > 20)
                order = (
                    "report_register",
                    "--promote",
                    "always",
                    "--reason",
                    "through a pooler",
                    "--as",
                    EMAIL,
                )
                rebuilt = _said(site, "projections", "rebuild", *order, "--password-stdin")
                assert rebuilt.returncode == 0, rebuilt.stdout + rebuilt.stderr
            assert not customers.refusals
            with site.opened("") as base:
                require_nothing_lost(base, customers.accepted)
        woken = [line for line in _said(site, "doctor").stdout.splitlines() if "wake-ups" in line]
        assert woken == ["ok      wake-ups: a signal reaches its listener"]


def _said(site: Site, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "countersign.cli.main", *arguments]
    return subprocess.run(
        command, env=site.environment, input=PASSWORD, check=False, capture_output=True, text=True
    )
