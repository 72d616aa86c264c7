"""What was done only behind the position that was gone back to hangs nowhere in the copy."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from countersign.aggregates.email_contents import EmailPurpose
from countersign.aggregates.email_message import EmailMessage, email_id
from countersign.aggregates.email_status import EmailStatus
from countersign.aggregates.maintenance_job import MaintenanceJob
from countersign.aggregates.roster import ROSTER_ID, Roster
from countersign.cli.foundation import Foundation, foundation, utc_now
from countersign.commands.email.attempt_email import AttemptEmail
from countersign.commands.email.cancel_email import CancelEmail
from countersign.commands.email.queue_email import QueueEmail
from countersign.commands.email.record_email_outcome import EmailOutcome, RecordEmailOutcome
from countersign.commands.maintenance.complete_maintenance import CompleteMaintenance
from countersign.commands.maintenance.run_maintenance import RunMaintenance
from countersign.eventstore.context import SYSTEM, Context
from countersign.eventstore.leases import Leases
from countersign.workers.effect import Effect, State
from countersign.workers.effect_board import EffectBoard
from countersign.workers.effects import Effects
from countersign.workers.effects_table import effects
from countersign.workers.issuer import Issuer
from countersign.workers.kinds import MAIL, MAINTENANCE
from countersign.workers.options import ReactionOptions
from countersign.workers.outward import OutwardGate
from countersign.workers.reaction_runner import ReactionRunner
from countersign.workers.reactions.catalogue import reactions
from tests.integration.cli.backups_at_work import SECOND, WHY, backup, hire
from tests.integration.cli.installation import ADMINISTRATOR, PASSWORD, Installation

SENT, CANCELLED, UNTOUCHED = (UUID(int=number) for number in (1, 2, 3))


def a_mail(subject: UUID) -> UUID:
    return email_id(UUID(int=9), subject, EmailPurpose.APPROVAL_REQUEST)


def a_context(actor: UUID = SYSTEM, key: str = "key") -> Context:
    return Context(actor=actor, command_key=key, correlation="test")


def wanted(base: Foundation) -> UUID:
    """Three mails and a run of periodic work, as far as the reactions see to them; gives the run."""
    for subject in (SENT, CANCELLED, UNTOUCHED):
        mail = QueueEmail(
            purpose=EmailPurpose.APPROVAL_REQUEST,
            cause=UUID(int=9),
            subject=subject,
            name="Ben",
            to=f"ben{subject.int}@example.com",
            facts={},
            attachments=(),
        )
        base.dispatcher.dispatch(mail, a_context(key=f"{subject}"))
    receipt = base.dispatcher.dispatch(RunMaintenance(kind="clean_up"), a_context(key="run"))
    runner = ReactionRunner(
        log=base.log,
        mapper=base.store.mapper,
        read=base.databases.read,
        leases=Leases(base.databases.read),
        wakeups=base.wakeups,
        reactions=reactions(),
        holder="test",
        options=ReactionOptions(),
    )
    while runner.step():
        pass
    return receipt.streams[0][0]


def done_later(base: Foundation, run: UUID) -> None:
    issuer, work = Issuer(base.dispatcher), Effects(base.databases.read)
    by_job = {each.payload.get("email_id"): each for each in claimed(work, MAIL)}
    sent = by_job[f"{a_mail(SENT)}"]
    issuer.issue(AttemptEmail(email_id=a_mail(SENT), worker="w"), sent, "1/attempt")
    outcome = RecordEmailOutcome(
        email_id=a_mail(SENT), attempt=1, outcome=EmailOutcome.SENT, reply_code=250, reply="taken"
    )
    issuer.issue(outcome, sent, "1/outcome")
    work.complete(sent, utc_now())
    roster = base.store.aggregates.find(Roster, ROSTER_ID)
    assert roster is not None
    cancel = CancelEmail(email_id=a_mail(CANCELLED), reason="the wrong list of people")
    base.dispatcher.dispatch(cancel, a_context(next(iter(roster.roles)), "cancel"))
    work.cancel(by_job[f"{a_mail(CANCELLED)}"], utc_now())
    work.release(by_job[f"{a_mail(UNTOUCHED)}"], utc_now())
    (effect,) = claimed(work, MAINTENANCE)
    issuer.issue(CompleteMaintenance(job_id=run, result={}), effect, "1/complete")
    work.complete(effect, utc_now())


def claimed(work: Effects, queue: str) -> list[Effect]:
    return list(work.claim(queue, "test", utc_now(), 60.0, 10))


def states(base: Foundation) -> dict[UUID, str]:
    with base.databases.read.read() as connection:
        return {row.job: row.state for row in connection.execute(select(effects.c.job, effects.c.state))}


def agreed_on(service: Installation, name: str, position: int) -> None:
    asked = ("--to-position", f"{position}", "--reason", WHY, "--password-stdin")
    backup(service, "request-restore", name, *asked, "--as", ADMINISTRATOR, typed=PASSWORD)
    hire(service)
    backup(service, "approve-restore", name, *asked, "--as", SECOND, typed=PASSWORD)


def test_what_came_to_its_end_later_is_wanted_again_or_left_to_a_person(
    on_sqlite: Installation, tmp_path: Path
) -> None:
    with on_sqlite.opened() as base:
        run = wanted(base)
        position = base.log.head()
        done_later(base, run)
    made = backup(on_sqlite, "create")
    agreed_on(on_sqlite, made["name"], position)
    told = backup(on_sqlite, "restore", made["name"], "--into", f"{tmp_path / 'copy'}")
    assert told["mails_in_doubt"] == [str(a_mail(SENT))]
    assert told["wanted_again"] == {"deliver_email": [str(a_mail(CANCELLED))], "maintain": [str(run)]}
    with foundation(replace(on_sqlite.settings, data_dir=tmp_path / "copy")) as base:
        statuses = {subject: _mail(base, subject) for subject in (SENT, CANCELLED, UNTOUCHED)}
        assert statuses == {
            SENT: EmailStatus.IN_DOUBT,
            CANCELLED: EmailStatus.QUEUED,
            UNTOUCHED: EmailStatus.QUEUED,
        }
        job = base.store.aggregates.find(MaintenanceJob, run)
        assert job is not None
        assert not job.is_over
        there = states(base)
        assert {there[a_mail(CANCELLED)], there[a_mail(UNTOUCHED)], there[run]} == {State.READY}
        assert there.get(a_mail(SENT)) in (None, State.CANCELLED)
        gate = OutwardGate(base.databases.read, base.store.aggregates, base.dispatcher)
        assert gate.is_closed()
        assert EffectBoard(base.databases.read).stats()[MAIL, State.READY] == 2


def _mail(base: Foundation, subject: UUID) -> EmailStatus:
    found = base.store.aggregates.find(EmailMessage, a_mail(subject))
    assert found is not None
    return found.status
