"""What status says of work that has been due for long."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from countersign.cli.status.keeping import Keeping
from countersign.cli.status.observed import Observed
from countersign.cli.status.overdue import problems_of_waiting
from countersign.cli.status.queues import QueueStanding
from countersign.cli.status.standing import Standing
from countersign.projections.health import health_readings
from countersign.projections.health.reading import Condition
from countersign.projections.work.outward_hold import OutwardHold

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
LATE = QueueStanding(queue="", waiting=3, running=0, retrying=0, dead=0, in_doubt=0, overdue_s=600.0)
SMTP = health_readings.Standing(
    component="smtp",
    condition=Condition.FAILED,
    says="ConnectionRefusedError; mails wait",
    remedy="Start it.",
    figures={},
    took_ms=1.0,
    at=NOW - timedelta(minutes=1),
    since=NOW - timedelta(minutes=9),
    run=9,
)
HOLD = OutwardHold(backup_id=uuid4(), name="full-1", kind="full", after=0, position=9, held_at=NOW)


def late(*queues: str) -> Standing:
    return Standing(
        at=NOW,
        queues=tuple(replace(LATE, queue=queue) for queue in queues),
        roles={"scheduler": "one", "reactions": "one"},
    )


def said(standing: Standing) -> list[str]:
    return [problem.what for problem in problems_of_waiting(standing)]


def test_work_that_waits_for_long_is_told_with_what_helps() -> None:
    (rendering, mail) = problems_of_waiting(late("rendering", "mail"))
    assert rendering.what == "Work in the queue rendering has been due for 10 min."
    assert "Start another `countersign work`" in rendering.remedy
    assert "queues.mail.rate_per_minute" in mail.remedy
    assert "countersign work" not in mail.remedy


def test_that_mails_wait_for_the_mail_server_is_told_of_the_mail_server_alone() -> None:
    away = replace(late("mail", "rendering"), observed=Observed([SMTP]))
    assert said(away) == ["Work in the queue rendering has been due for 10 min."]


@pytest.mark.parametrize(
    "smtp",
    [replace(SMTP, condition=Condition.OK), replace(SMTP, at=NOW - timedelta(minutes=6))],
    ids=["there", "not looked at lately"],
)
def test_mails_that_wait_for_no_known_reason_are_told(smtp: health_readings.Standing) -> None:
    assert said(replace(late("mail"), observed=Observed([smtp])))


def test_that_a_restored_service_holds_mail_and_webhooks_is_told_as_a_hold_alone() -> None:
    held = replace(late("mail", "webhooks", "maintenance"), keeping=Keeping(hold=HOLD))
    assert said(held) == ["Work in the queue maintenance has been due for 10 min."]


def test_where_nobody_works_no_other_worker_is_asked_for() -> None:
    assert not said(replace(late("rendering"), roles={"scheduler": "one", "reactions": None}))
