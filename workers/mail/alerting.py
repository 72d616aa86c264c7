"""The duty that alerts the administrators, once an hour at most for each kind of event."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Final
from uuid import UUID

from countersign.aggregates.account import Account
from countersign.aggregates.email_contents import EmailPurpose
from countersign.aggregates.root import Erased, derived_id
from countersign.aggregates.roster import ROSTER_ID, Roster
from countersign.commands.email.queue_email import QueueEmail
from countersign.eventstore.aggregates import Aggregates
from countersign.workers.course import Course
from countersign.workers.effect import Effect
from countersign.workers.failure import EffectFailed
from countersign.workers.issuer import Issuer
from countersign.workers.mail.occasion import MOMENT

_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "refresh_token_reused": "A refresh token was used twice: somebody has a copy. The session was ended.",
        "network_blocked_automatically": "A network was refused so often that it was blocked for a while.",
        "network_locked": "So many sign-ins from one network failed that it may not try for a while.",
        "account_locked_again": "Sign-ins of one account keep failing: it was locked several times in a row.",
    }
)
_OTHERS: Final = "Very many requests were refused: {kind}."


class AlertAdministrators:
    """Plans a mail to each administrator, by an id that all alerts of a kind in an hour have in common."""

    def __init__(self, aggregates: Aggregates, issuer: Issuer) -> None:
        self._aggregates = aggregates
        self._issuer = issuer

    def perform(self, effect: Effect, course: Course) -> None:
        """Plan the mails; those of the same kind and hour were planned before, and are left as they are."""
        kind, at = effect.payload["kind"], datetime.fromisoformat(effect.payload["at"]).astimezone(UTC)
        facts = {
            "kind": kind,
            "what": _WORDS.get(kind, _OTHERS.format(kind=kind.replace("_", " "))),
            "at": at.strftime(MOMENT),
        }
        for administrator in self._administrators():
            command = QueueEmail(
                purpose=EmailPurpose.SECURITY_ALERT,
                cause=_hour(kind, at),
                subject=administrator.id,
                name="" if isinstance(administrator.name, Erased) else administrator.name,
                to=str(administrator.email),
                facts=facts,
            )
            self._issuer.issue(command, effect, step=str(administrator.id))

    def failed(self, effect: Effect, failure: EffectFailed, retry_at: datetime | None) -> None:
        """The effect itself is the record: there is no mail yet."""

    def _administrators(self) -> Iterator[Account]:
        roster = self._aggregates.find(Roster, ROSTER_ID)
        for account_id in sorted(roster.administrators) if roster else ():
            account = self._aggregates.find(Account, account_id)
            if account is not None and account.is_active and not isinstance(account.email, Erased):
                yield account


def _hour(kind: str, at: datetime) -> UUID:
    return derived_id("security_alert", kind, at.strftime("%Y-%m-%dT%H"))
