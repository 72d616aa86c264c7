"""One try to prove who one is: refused while there were too many, and counted when it fails."""

from __future__ import annotations

from enum import StrEnum
from typing import Final
from uuid import UUID

from countersign.aggregates.network import counted_network
from countersign.aggregates.root import DomainError, Root
from countersign.aggregates.session import Entry
from countersign.aggregates.sign_in_throttle import SignInThrottle, Throttled
from countersign.commands.options import SignInRules
from countersign.eventstore.aggregates import Aggregates
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store

_KIND: Final = "sign_in"
_THIS_MACHINE: Final = "local"  # what calls without an address is here


class BadCredentials(DomainError):
    """Address and password do not belong together, or their owner may not sign in: it is not said which."""

    code = "bad_credentials"
    status = 401


class InvalidCode(DomainError):
    """The code is not the one of now, was used before, or is no backup code of the person."""

    code = "invalid_code"
    status = 401


class Failed(StrEnum):
    """What a try failed by."""

    PASSWORD = "password"  # noqa: S105 - the name of a factor
    CODE = "code"


class Attempt:
    """A try by somebody who claims an address, from the network that the call came from.

    Failures are counted for the address, whether it has an account or not, and for the network. A network
    that the person has signed in from before is counted apart, and its own count does not stop them.
    """

    def __init__(self, store: Store, identity: UUID, rules: SignInRules) -> None:
        self._store, self._rules = store, rules
        place = counted_network(str(store.context.client.ip)) or _THIS_MACHINE
        self.network = store.private_id(_KIND, f"network:{place}")
        self._of_account = _throttle(store, throttle_id(store, identity), Throttled.ACCOUNT)
        self._of_network = _throttle(store, self.network, Throttled.NETWORK)

    def require_open(self) -> None:
        """Refuse before anything is looked at, and so before any hash.

        Raises:
            SignInDelayed: with the seconds to wait.
        """
        self._of_account.require_open(self._store.now, self.network)
        if not self._of_account.knows(self.network):
            self._of_network.require_open(self._store.now, self.network)

    def failed(self, because: Failed, account: UUID | None) -> Receipt:
        """Count the failure. The command is accepted by that; whoever answers asks `require_success`."""
        now, by_account, by_network = self._store.now, self._rules.by_account, self._rules.by_network
        self._of_account.fail(now, because, network=self.network, account=account, rule=by_account)
        self._of_network.fail(now, because, network=self.network, account=account, rule=by_network)
        return self._store.save(self._of_account, self._of_network)

    def succeeded(self, account: UUID) -> tuple[Root, ...]:
        """What is to be saved with the success, which is often nothing."""
        self._of_account.succeed(self._store.now, account, self.network)
        return (self._of_account,) if self._of_account.pending_events else ()

    def entry(self, *, enrolment_only: bool) -> Entry:
        """How the person came in, if this try succeeds."""
        client, known = self._store.context.client, self._of_account.networks
        is_new = bool(known) and self.network not in known
        return Entry(str(client.ip), client.agent, is_new, enrolment_only)


def throttle_id(store: Store, identity: UUID) -> UUID:
    """The throttle of the address behind an `EmailIdentity`, or behind none."""
    return store.private_id(_KIND, f"address:{identity}")


def require_success(aggregates: Aggregates, receipt: Receipt, proved: UUID) -> None:
    """Refuse what was accepted as a failed try: one that did not reach the stream that it was about.

    Raises:
        BadCredentials, InvalidCode: as the try failed.
    """
    reached = dict(receipt.streams)
    if proved in reached:
        return
    stream, version = receipt.streams[0]
    throttle = aggregates.find(SignInThrottle, stream, version=version)
    if throttle is not None and throttle.failed_because == Failed.CODE:
        raise InvalidCode("the code is wrong, or was used before: wait for the next one")
    raise BadCredentials("the e-mail address or the password is wrong")


def _throttle(store: Store, stream: UUID, kind: Throttled) -> SignInThrottle:
    return store.find(SignInThrottle, stream) or SignInThrottle.open(stream, store.now, kind)
