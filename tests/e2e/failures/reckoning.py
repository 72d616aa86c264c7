"""After a failure: what was acknowledged is there once, and what was ordered was made once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from countersign.aggregates.rendering import Rendering
from countersign.aggregates.report.report import Report
from countersign.cli.foundation import Foundation
from countersign.eventstore.mapper import Happened
from tests.e2e.failures.customers import Accepted
from tests.e2e.failures.site import wait_until
from tests.e2e.finished_job import all_events


def require_nothing_lost(base: Foundation, accepted: Sequence[Accepted], within_s: float = 60.0) -> int:
    """Wait for the documents, and compare the log with what customers were told; how many were made."""
    assert accepted, "nobody was served"
    ordered = {_rendering(each) for each in accepted}
    wait_until(lambda: ordered <= _made(all_events(base)).keys(), within_s)
    events = all_events(base)
    assert [each.position for each in events] == list(range(1, len(events) + 1))
    assert max(each.position for each in accepted) <= len(events)
    created = Counter(each.event.document_number for each in events if isinstance(each.event, Report.Created))
    told = Counter(each.number for each in accepted)
    assert {number: created[number] for number in told} == dict(told)
    assert set(_made(events).values()) == {1}
    return len(ordered)


def documents_made(base: Foundation) -> int:
    """How many there are now."""
    return _made(all_events(base)).total()


def _made(events: Sequence[Happened]) -> Counter[str]:
    return Counter(str(each.stream) for each in events if isinstance(each.event, Rendering.Completed))


def _rendering(accepted: Accepted) -> str:
    return accepted.job.rpartition("/")[2]
