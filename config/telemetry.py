"""Settings of what is told to a collector of traces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from countersign.config.bounds import Between, Matching

CollectorUrl = Annotated[str, Matching(r"(https?://[^\s/]+(/\S*)?)?", "an http or https address, or empty")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Telemetry:
    """Where spans are sent by OTLP over HTTP, with the extra `otel`; without an `endpoint` none are made.

    Traces that callers have begun are recorded as they say; of the others, the part `ratio`.
    """

    endpoint: CollectorUrl
    ratio: Annotated[float, Between(0, 1)]
