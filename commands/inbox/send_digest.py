"""The hour has come at which a person gets what was put aside for them, in one mail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from countersign.aggregates.account import Account
from countersign.aggregates.email_contents import Addressee, EmailPurpose
from countersign.aggregates.email_message import EmailMessage, email_id
from countersign.aggregates.inbox import Inbox, inbox_id
from countersign.aggregates.root import Erased, derived_id
from countersign.commands.email.planned_email import planned_email
from countersign.commands.options import Options
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class SendDigest:
    """`facts` tell of the first `count` of what waits."""

    account_id: UUID
    due_at: datetime
    count: int
    facts: Mapping[str, str]


def send_digest(command: SendDigest, store: Store, options: Options) -> Receipt:
    """Plan the mail together with the note that it was, so that there is one for a due time and no more.

    Where it was planned before, or nobody is there any more, nothing happens.
    """
    permit(store, "SendDigest")
    inbox = store.load(Inbox, inbox_id(command.account_id))
    account = store.guard(Account, command.account_id)
    cause = derived_id("digest", str(account.id), command.due_at.isoformat())
    was_planned = store.find(EmailMessage, email_id(cause, account.id, EmailPurpose.DIGEST)) is not None
    if was_planned or inbox.digest_due(store.now) != command.due_at:
        return store.save()
    if not account.is_active or isinstance(account.email, Erased):
        return store.save()
    email = planned_email(
        store,
        purpose=EmailPurpose.DIGEST,
        cause=cause,
        to=Addressee(account.id, str(account.name), account.email),
        facts=command.facts,
        mail_domain=options.mail_domain,
    )
    inbox.plan_digest(store.now, command.due_at, email.id, command.count)
    return store.save(inbox, email)
