"""What people are told about an account, and who is, by the event that is the occasion for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import singledispatch
from uuid import UUID

from countersign.aggregates.account import Account
from countersign.aggregates.api_client import ApiClient
from countersign.aggregates.mailbox import Mailbox
from countersign.aggregates.one_time_ticket import Ticket
from countersign.aggregates.registration import Registration
from countersign.aggregates.root import Root
from countersign.aggregates.roster import ROSTER_ID, Roster
from countersign.aggregates.second_factor import SecondFactor
from countersign.aggregates.session import Session
from countersign.aggregates.sign_in_throttle import SignInThrottle
from countersign.eventstore.aggregates import Aggregates
from countersign.workers.mail.occasion import MOMENT
from countersign.workers.mail.planning import Addressee


@dataclass(frozen=True, slots=True)
class News:
    """The facts for the text, none of them personal or secret, and whom they are for."""

    facts: Mapping[str, str]
    to: tuple[Addressee, ...]


@singledispatch
def news(event: Root.Event, aggregates: Aggregates) -> News:
    """What follows from an event.

    Raises:
        LookupError: nobody is told about such an event.
    """
    raise LookupError(f"nobody is told about {type(event).__qualname__}")


@news.register
def _(event: Registration.Created, aggregates: Aggregates) -> News:
    if event.holder is not None:
        return News({}, tuple(_account(aggregates, event.holder)))
    # No name: a stranger chose it, and it would be read as ours.
    return News(
        _ticket(event.ticket, event.originator_id), (Addressee(event.email_identity, "", event.email),)
    )


@news.register
def _(event: Account.EmailVerified, aggregates: Aggregates) -> News:
    account, roster = _find(aggregates, event.originator_id), aggregates.find(Roster, ROSTER_ID)
    facts = {"account": str(account.id), "role": _spoken(account.requested_role)}
    administrators = () if roster is None else sorted(roster.administrators)
    return News(facts, tuple(one for each in administrators for one in _account(aggregates, each)))


@news.register
def _(event: Account.Approved, aggregates: Aggregates) -> News:
    return News({"role": _spoken(event.role)}, tuple(_account(aggregates, event.originator_id)))


@news.register
def _(event: Account.Rejected, aggregates: Aggregates) -> News:
    return News({"reason": event.reason}, tuple(_account(aggregates, event.originator_id)))


@news.register(Account.PasswordChanged)
@news.register(Account.PasswordReset)
def _(event: Account.PasswordChanged | Account.PasswordReset, aggregates: Aggregates) -> News:
    return News({"at": event.timestamp.strftime(MOMENT)}, tuple(_account(aggregates, event.originator_id)))


@news.register
def _(event: Account.EmailChangeRequested, aggregates: Aggregates) -> News:
    account = _find(aggregates, event.originator_id)
    return News(_ticket(event.ticket, account.id), (Addressee(account.id, account.name, event.email),))


@news.register
def _(event: Account.EmailChangeConfirmed, aggregates: Aggregates) -> News:
    before = _find(aggregates, event.originator_id, version=event.originator_version - 1)
    facts = {"at": event.timestamp.strftime(MOMENT)}
    return News(facts, (Addressee(before.id, before.name, before.email),))


@news.register
def _(event: Mailbox.PasswordResetRequested, aggregates: Aggregates) -> News:
    to = () if event.account is None else tuple(_account(aggregates, event.account))
    return News(_ticket(event.ticket, event.originator_id), to)


@news.register
def _(event: ApiClient.Expiring, aggregates: Aggregates) -> News:
    client = aggregates.find(ApiClient, event.originator_id)
    if client is None:
        raise LookupError(f"no API client {event.originator_id}")
    facts = {
        "client": client.name,
        "client_id": str(client.id),
        "key_prefix": f"cs_{client.prefix}",
        "until": event.expires_at.strftime(MOMENT),
    }
    return News(facts, tuple(_account(aggregates, client.creator)))


@news.register
def _(event: Session.Created, aggregates: Aggregates) -> News:
    facts = {"at": event.timestamp.strftime(MOMENT), "factors": ", ".join(map(_spoken, event.factors))}
    return News(facts, tuple(_account(aggregates, event.account)))


@news.register(SecondFactor.Enabled)
@news.register(SecondFactor.Disabled)
def _(event: SecondFactor.Enabled | SecondFactor.Disabled, aggregates: Aggregates) -> News:
    change = "switched on" if isinstance(event, SecondFactor.Enabled) else "switched off"
    facts = {"at": event.timestamp.strftime(MOMENT), "change": change}
    return News(facts, tuple(_account(aggregates, event.account)))


@news.register
def _(event: SignInThrottle.AccountLocked, aggregates: Aggregates) -> News:
    facts = {"count": str(event.count), "until": event.until.strftime(MOMENT)}
    return News(facts, () if event.account is None else tuple(_account(aggregates, event.account)))


def _ticket(ticket: Ticket, stream: UUID) -> dict[str, str]:
    """What the code is made from when the mail is sent, and until when it holds."""
    return {"stream": str(stream), "nonce": ticket.nonce, "until": ticket.expires_at.strftime(MOMENT)}


def _account(aggregates: Aggregates, account_id: UUID) -> Iterator[Addressee]:
    if (account := aggregates.find(Account, account_id)) is not None:
        yield Addressee(account.id, account.name, account.email)


def _find(aggregates: Aggregates, account_id: UUID, version: int | None = None) -> Account:
    account = aggregates.find(Account, account_id, version=version)
    if account is None:
        raise LookupError(f"no account {account_id}")
    return account


def _spoken(role: str) -> str:
    return role.replace("_", " ")
