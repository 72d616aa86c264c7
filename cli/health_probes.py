"""What the health check looks at besides the neighbours: the same that `countersign status` tells."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from countersign.cli.certificate_standing import certificate_probe
from countersign.cli.foundation import Foundation
from countersign.cli.ledger import Ledger, ledger_of
from countersign.cli.secret_ages import secrets_probe
from countersign.cli.status.advice import problems
from countersign.cli.status.keeping import figures_of_keeping
from countersign.cli.status.problem import Component, Problem
from countersign.cli.status.standing import Standing, standing
from countersign.cli.vault_custody import vault_probe
from countersign.projections.health.reading import Condition, Probe, Reading

_GOOD_FOR_S: Final = 10.0


def health_probes(base: Foundation) -> Mapping[str, Probe]:
    """The probes by the name of what they look at."""
    look = _Look(ledger_of(base))
    return {
        **{component: _probe(component, look, figures) for component, figures in _FIGURES.items()},
        Component.CERTIFICATE: certificate_probe(base.settings),
        Component.SECRETS: secrets_probe(base.settings, base.store.aggregates),
        **({Component.VAULT: vault_probe(base.vault)} if base.vault else {}),
    }


class _Look:
    """One look at everything for the probes of a minute, which come at once."""

    def __init__(self, opened: Ledger) -> None:
        self._opened = opened
        self._lock = threading.Lock()
        self._at = -_GOOD_FOR_S
        self._seen: tuple[Standing, Sequence[Problem]] | None = None

    def __call__(self) -> tuple[Standing, Sequence[Problem]]:
        with self._lock:
            if self._seen is None or time.monotonic() - self._at >= _GOOD_FOR_S:
                found = standing(self._opened)
                self._seen, self._at = (found, problems(found)), time.monotonic()
            return self._seen


def _probe(component: Component, look: _Look, figures: Callable[[Standing], Mapping[str, float]]) -> Probe:
    def probe() -> Reading:
        found, wrong = look()
        return reading_of([each for each in wrong if each.component == component], figures(found))

    return probe


def reading_of(wrong: Sequence[Problem], figures: Mapping[str, float]) -> Reading:
    """What a component's problems come to."""
    if not wrong:
        return Reading(Condition.OK, "as it should be", figures)
    broken = any(each.condition is Condition.FAILED for each in wrong)
    says, remedy = " ".join(each.what for each in wrong), " ".join(each.remedy for each in wrong)
    return Reading(Condition.FAILED if broken else Condition.DEGRADED, says, figures, remedy)


def _of_read_tables(found: Standing) -> dict[str, float]:
    return {
        "lag_events": float(max((lag.events for lag in found.projections), default=0)),
        "lag_seconds": max((lag.seconds for lag in found.projections), default=0.0),
        "letters": float(sum(lag.letters for lag in found.projections)),
    }


def _of_reactions(found: Standing) -> dict[str, float]:
    return {
        "lag_events": float(max((each.events for each in found.reactions), default=0)),
        "lag_seconds": max((each.seconds for each in found.reactions), default=0.0),
    }


def _of_queues(found: Standing) -> dict[str, float]:
    return {
        "waiting": float(sum(queue.waiting for queue in found.queues)),
        "running": float(sum(queue.running for queue in found.queues)),
        "retrying": float(sum(queue.retrying for queue in found.queues)),
        "overdue_s": max((queue.overdue_s for queue in found.queues), default=0.0),
    }


def _of_jobs(found: Standing) -> dict[str, float]:
    return {
        "dead": float(sum(queue.dead for queue in found.queues)),
        "in_doubt": float(sum(queue.in_doubt for queue in found.queues)),
    }


def _of_webhooks(found: Standing) -> dict[str, float]:
    return {
        "paused": float(sum(each.paused_by is not None for each in found.endpoints)),
        "waiting": float(sum(each.waiting for each in found.endpoints)),
        "given_up": float(sum(each.given_up for each in found.endpoints)),
    }


def _of_workers(found: Standing) -> dict[str, float]:
    return {
        "count": float(len(found.keeping.workers)),
        "memory_bytes": float(sum(each.worker.memory_bytes for each in found.keeping.workers)),
    }


def _of_backups(found: Standing) -> Mapping[str, float]:
    return figures_of_keeping(found.keeping, found.at)


def _nothing(_found: Standing) -> dict[str, float]:
    return {}


_FIGURES: Final[Mapping[Component, Callable[[Standing], Mapping[str, float]]]] = {
    Component.READ_TABLES: _of_read_tables,
    Component.REACTIONS: _of_reactions,
    Component.QUEUES: _of_queues,
    Component.JOBS: _of_jobs,
    Component.WEBHOOKS: _of_webhooks,
    Component.SCHEDULE: _nothing,
    Component.WORKERS: _of_workers,
    Component.BACKUPS: _of_backups,
}
