"""What waits for a person is told once."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from countersign.cli.jobs.letters import letters
from countersign.workers.effect import State
from countersign.workers.effects_table import effects
from countersign.workers.kinds import MAINTAIN, MONITORING, QUIET_RUN
from tests.integration.cli.installation import Installation
from tests.integration.workers.effects_rig import a_cause, a_wish, no_such_effect, want


@pytest.mark.parametrize(("kind", "told"), [(MAINTAIN, 1), (QUIET_RUN, 0)])
def test_a_quiet_run_that_was_given_up_is_told_of_as_the_job_that_it_became(
    on_sqlite: Installation, kind: str, told: int
) -> None:
    payload = {"job_id": str(no_such_effect())}
    with on_sqlite.opened() as base:
        read = base.databases.read
        want(read, (a_wish("x", queue=MONITORING, kind=kind, payload=payload), a_cause()))
        with read.write() as connection:
            connection.execute(update(effects).values(state=State.DEAD, error="lost twice"))
        assert len(letters(read)) == told
