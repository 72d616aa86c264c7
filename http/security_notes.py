"""Notes of the API about its own safety: sampled, and recorded beside the requests that they are about."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Final
from uuid import uuid4

from falcon import Request

from countersign.aggregates.security_event import Noted, SecurityEventKind, Severity
from countersign.commands.access_policy.block_attacking_network import BlockAttackingNetwork
from countersign.commands.security_event.record_security_event import RecordSecurityEvent
from countersign.http.calls import Dispatch
from countersign.http.security_events.outbox import Letter, Outbox
from countersign.http.security_events.sampler import Sampler, Summary

_SEVERITIES: Final[Mapping[SecurityEventKind, Severity]] = MappingProxyType(
    {
        SecurityEventKind.AUTHENTICATION_FAILED: Severity.INFO,
        SecurityEventKind.SESSION_REFUSED: Severity.INFO,
        SecurityEventKind.RATE_LIMITED: Severity.INFO,
        SecurityEventKind.HTTPS_REFUSED: Severity.INFO,
    }
)
_LONGEST: Final = 200
_FLOOD: Final = 1_000


class SecurityNotes:
    """The first few of a kind and network are recorded one by one, the others as one sum: see `Sampler`.

    Nothing here is waited for by a request. What an overload or an outage keeps from being recorded is
    counted in the next sum.
    """

    def __init__(self, dispatch: Dispatch, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._sampler = Sampler()
        self._outbox = Outbox(dispatch, self._summaries, self._not_recorded)

    def note(self, kind: SecurityEventKind, req: Request, **detail: str) -> None:
        """Note what has just happened to a request; `detail` holds nothing personal and nothing secret."""
        now = self._clock()
        peer, claims = req.context.peer, getattr(req.context, "claims", None)
        if not self._sampler.take(kind, peer.network, now.timestamp()):
            self._outbox.start()
            return
        noted = Noted(
            kind=kind,
            severity=_severity(kind, 1),
            account=claims.account if claims else None,
            network=peer.ip,
            detail={name: value[:_LONGEST] for name, value in detail.items()},
            count=1,
            began_at=now,
        )
        if not self._outbox.offer(
            RecordSecurityEvent(event_id=uuid4(), noted=noted), req.context.correlation
        ):
            self._sampler.lost(kind, peer.network, now.timestamp())

    def block(self, command: BlockAttackingNetwork, correlation: str) -> bool:
        """Have a network blocked; False when that has to be asked for again."""
        return self._outbox.offer(command, correlation)

    def close(self) -> None:
        """Record what is still to be recorded."""
        self._outbox.close()

    def _summaries(self) -> Iterator[Letter]:
        closing = self._outbox.is_closing
        for summary in self._sampler.due(self._clock().timestamp(), closing=closing):
            yield RecordSecurityEvent(event_id=uuid4(), noted=_summed(summary)), "summary"

    def _not_recorded(self, command: Any) -> None:
        if isinstance(command, RecordSecurityEvent):
            noted = command.noted
            self._sampler.lost(noted.kind, noted.network, self._clock().timestamp(), noted.count)


def _summed(summary: Summary) -> Noted:
    kind = SecurityEventKind(summary.kind)
    return Noted(
        kind=kind,
        severity=_severity(kind, summary.count),
        account=None,
        network=summary.network,
        detail={} if summary.network else {"networks": "several"},
        count=summary.count,
        began_at=datetime.fromtimestamp(summary.began_s, UTC),
    )


def _severity(kind: SecurityEventKind, count: int) -> Severity:
    if count >= _FLOOD:
        return Severity.CRITICAL
    return _SEVERITIES.get(kind, Severity.WARNING)
