"""Settings of the health check: when a bad reading is an incident."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from countersign.config.bounds import Between, Bytes, Seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """Readings come once a minute.

    So many bad ones in a row open an incident, so many good ones resolve it. One that nobody acknowledges is
    escalated every `escalate_after_s`, `escalations_max` times. Readings are kept for `keep_days`,
    samples of the figures for `keep_samples_days`. Operators get the `mailed_reports` on operations by mail.
    """

    open_after: Annotated[int, Between(1, 1_440)]
    resolve_after: Annotated[int, Between(1, 1_440)]
    escalate_after_s: Seconds
    escalations_max: Annotated[int, Between(0, 100)]
    keep_days: Annotated[float, Between(1, 365)]
    keep_samples_days: Annotated[float, Between(1, 3_650)]
    disk_free_min_bytes: Bytes
    mailed_reports: tuple[Literal["daily", "weekly", "monthly"], ...]
