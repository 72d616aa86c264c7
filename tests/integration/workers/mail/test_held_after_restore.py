"""A restored service sends nothing by itself: what waits may have left before."""

from __future__ import annotations

import time
from collections.abc import Callable
from uuid import UUID

from countersign.aggregates.email_status import EmailStatus
from countersign.commands.backup.release_outward import ReleaseOutward
from countersign.projections.work.outward_hold import OutwardHold, hold_outward
from countersign.workers.options import SmtpOptions
from countersign.workers.rendering.renderer import Renderer
from tests.integration.workers.mail.mailing import queue_mail, status
from tests.integration.workers.plant import Plant, settings
from tests.integration.workers.running import now, running, wait_until
from tests.integration.workers.scripted_server import Script

LOOKS_S = 0.5


def test_a_mail_waits_until_somebody_releases_what_is_held(
    plant: Plant, script: Script, serve: Callable[..., SmtpOptions], idle: Renderer
) -> None:
    hold = OutwardHold(backup_id=UUID(int=7), name="b", kind="full", after=0, position=1, held_at=now())
    hold_outward(plant.databases.read, hold)
    mail = queue_mail(plant)

    with running(*plant.worker(settings(plant.folder, serve()), idle, only=("reactions", "mail"))):
        time.sleep(LOOKS_S)
        assert status(plant, mail) is EmailStatus.QUEUED
        assert script.received == []
        plant.give(ReleaseOutward(backup_id=hold.backup_id, reason="nothing has left before"))
        wait_until(lambda: status(plant, mail) is EmailStatus.SENT)
