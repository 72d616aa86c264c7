"""By how much a sum that only grows has grown, told from samples of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from countersign.projections.health.metrics_samples import Sample


def grown(samples: Iterable[Sample], begun_at: float | None) -> float:
    """From `begun_at` on, or from the first sample where that is not known.

    A sum that is smaller than before was put back by a restore: then what it grows by from there counts.
    """
    growth, reached = 0.0, begun_at
    for sample in samples:
        before = reached if reached is not None and reached <= sample.least else sample.least
        growth += sample.most - before
        reached = sample.most
    return growth


def begun_at(before: Sequence[Sample], label: str) -> float | None:
    """Where the sum stood before a time, by the samples of all sums from before it.

    One that had no sample while others had was counted for the first time later: it began at nothing.
    """
    own = [sample for sample in before if sample.label == label]
    if own:
        return own[-1].most
    return 0.0 if before else None
