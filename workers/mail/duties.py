"""What is done about mail."""

from __future__ import annotations

from collections.abc import Mapping

from countersign.workers.duty import Duty
from countersign.workers.equipment import Equipment
from countersign.workers.history import History
from countersign.workers.kinds import (
    ALERT_ADMINISTRATORS,
    DELIVER_EMAIL,
    PLAN_BROADCAST,
    QUEUE_EMAILS,
    TELL_PEOPLE,
)
from countersign.workers.mail.alerting import AlertAdministrators
from countersign.workers.mail.broadcasting import PlanBroadcast
from countersign.workers.mail.delivering import DeliverEmail
from countersign.workers.mail.digesting import MailDigest
from countersign.workers.mail.letter_facts import LetterFacts
from countersign.workers.mail.planning import Planner
from countersign.workers.mail.queueing import QueueEmails
from countersign.workers.mail.smtp import SmtpDelivery
from countersign.workers.mail.telling import TellPeople
from countersign.workers.maintenance.duty import Job


def duties(equipment: Equipment) -> Mapping[str, Duty]:
    """The duties by the kind of their effects."""
    around, options, issuer = equipment.around, equipment.options, equipment.issuer
    aggregates = around.store.aggregates
    history = History(around.log, around.store.mapper)
    planner = Planner(aggregates, issuer)
    return {
        QUEUE_EMAILS: QueueEmails(aggregates, history, planner),
        TELL_PEOPLE: TellPeople(aggregates, history, planner),
        ALERT_ADMINISTRATORS: AlertAdministrators(aggregates, issuer),
        PLAN_BROADCAST: PlanBroadcast(aggregates, issuer, planner),
        DELIVER_EMAIL: DeliverEmail(
            aggregates,
            around.store.blobs,
            issuer,
            SmtpDelivery(options.smtp, options.mail.time_limit_s),
            options.smtp.from_address,
            LetterFacts(aggregates, history, options.public_url, around.one_time_tokens),
        ),
    }


def mail_jobs(equipment: Equipment) -> Mapping[str, Job]:
    """The periodic work by its kind."""
    around = equipment.around
    return {"mail_digest": MailDigest(around.store.aggregates, around.dispatcher)}
