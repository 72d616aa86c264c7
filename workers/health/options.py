"""When a bad reading is an incident."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthOptions:
    """Readings come once a minute.

    So many bad ones in a row open an incident, so many good ones resolve it. One that nobody acknowledges is
    escalated every `escalate_after_s`, `escalations_max` times. Readings are kept for `keep_days`,
    samples of the figures for `keep_samples_days`. Operators get the `mailed_reports` on operations by mail.
    """

    open_after: int = 3
    resolve_after: int = 2
    escalate_after_s: float = 900.0
    escalations_max: int = 3
    keep_days: float = 7.0
    keep_samples_days: float = 400.0
    mailed_reports: tuple[str, ...] = ("weekly",)
