"""Many mails, workers killed among them, a mail server that cuts and refuses: none lost, none twice.

CHAOS_MAILS and CHAOS_KILLS make it as large as you like: `make chaos` takes 1,000 and 50.
"""

from __future__ import annotations

import logging
import os
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from uuid import UUID, uuid4

import pytest

from countersign.aggregates.email_contents import EmailPurpose
from countersign.aggregates.email_message import EmailMessage, email_id
from countersign.commands.email.queue_email import QueueEmail
from countersign.eventstore.databases import Databases
from countersign.eventstore.open_log import open_log
from countersign.eventstore.wakeups import Wakeups
from tests.chaos.moody_server import Mood, MoodyController, MoodyServer, address, moods
from tests.chaos.nursery import CONCURRENCY, Nursery, nursery
from tests.chaos.tale import Tale
from tests.integration.workers.plant import Plant

pytestmark = [pytest.mark.slow, pytest.mark.chaos]
logger = logging.getLogger(__name__)

MAILS = int(os.environ.get("CHAOS_MAILS", "60"))
KILLS = int(os.environ.get("CHAOS_KILLS", "5"))
SEED = int(os.environ.get("CHAOS_SEED", "1"))
LEASE_S = float(os.environ.get("CHAOS_LEASE_S", "1"))
WORKERS = 2
PATIENCE_S = 30 + MAILS / 5 + 10 * LEASE_S
SHOWN_WITHIN_S = 60.0
PURPOSE = EmailPurpose.ACCOUNT_APPROVED


@pytest.fixture
def plant(databases: Databases, wakeups: Wakeups, tmp_path: Path) -> Plant:
    return Plant(databases, open_log(databases, wakeups), wakeups, tmp_path)


@pytest.fixture
def controller() -> Iterator[MoodyController]:
    controller = MoodyController(MoodyServer(moods(MAILS, Random(SEED))))
    controller.start()
    yield controller
    controller.stop()


def test_whatever_befalls_workers_and_server_no_mail_is_lost_and_none_comes_twice(
    plant: Plant, controller: MoodyController, database_url: str
) -> None:
    recipients, server, tale = queue_mails(plant), controller.moody, Tale(plant)
    with nursery(database_url, controller.port, LEASE_S) as workers:
        killed_at = kill_among_the_work(workers, server, Random(SEED))
        wait_until_settled(tale)

    sent, in_doubt = tale.ended(EmailMessage.Sent), tale.ended(EmailMessage.WentInDoubt)
    assert sent | in_doubt == recipients.keys(), "lost, or given up"
    copies = Counter({mail: server.taken[f"<{mail}@countersign.localdomain>"] for mail in recipients})
    assert {mail for mail in sent if copies[mail] != 1} == set()
    assert max(copies.values()) == 1, "sent twice"

    cut = {mail for mail, to in recipients.items() if to in server.met_with(Mood.CUT_AFTER_DOT)}
    by_kill = {mail: killed_at[tale.last_worker(mail)] for mail in in_doubt - cut}
    assert in_doubt >= cut, "a mail that was cut after the dot counts as sent"
    assert max(Counter(tale.last_worker(mail) for mail in by_kill).values(), default=0) <= CONCURRENCY
    began = by_kill | {mail: server.met[recipients[mail]] for mail in cut}
    shown_after_s = [tale.mails[mail][-1].event.timestamp.timestamp() - at for mail, at in began.items()]
    assert max(shown_after_s) < SHOWN_WITHIN_S
    unmet = server.moods.keys() - server.met.keys()
    assert unmet <= {recipients[mail] for mail in by_kill}, "spared, though its worker lived"
    logger.warning(
        "%s mails, %s kills: %s sent, %s in doubt (%s cut after the dot, %s killed in DATA), seen in %.1f s",
        *(MAILS, len(killed_at), len(sent), len(in_doubt), len(cut), len(by_kill), max(shown_after_s)),
    )


def queue_mails(plant: Plant) -> dict[UUID, str]:
    queued = {}
    for number in range(MAILS):
        cause, to = uuid4(), address(number)
        mail = QueueEmail(
            purpose=PURPOSE, cause=cause, subject=cause, name="Ada", to=to, facts={"role": "auditor"}
        )
        plant.give(mail)
        queued[email_id(cause, cause, PURPOSE)] = to
    return queued


def kill_among_the_work(workers: Nursery, server: MoodyServer, random: Random) -> dict[str, float]:
    """Each worker that is killed is replaced; the kills are spread over the mails."""
    for _ in range(WORKERS):
        workers.bear()
    killed_at = {}
    until = time.monotonic() + PATIENCE_S
    for kill in range(KILLS):
        while server.taken.total() < (kill + 0.5) * MAILS / (KILLS + 1):
            assert time.monotonic() < until, f"{server.taken.total()} mails after {PATIENCE_S} s"
            time.sleep(0.002)
        time.sleep(random.random() * 0.02)
        victim = random.choice(workers.living)
        killed_at[victim] = time.time()
        workers.kill(victim)
        workers.bear()
    return killed_at


def wait_until_settled(tale: Tale) -> None:
    until = time.monotonic() + PATIENCE_S
    while tale.read_on().settled < MAILS:
        assert time.monotonic() < until, f"{tale.settled} of {MAILS} mails settled"
        time.sleep(0.1)
