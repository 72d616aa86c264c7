"""The tracer of a process, by its settings."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from countersign.cli.invocation import UsageError
from countersign.config.settings import Settings
from countersign.eventstore.trail import NoTracer, Tracer


@contextmanager
def tracer_of(settings: Settings, process: str) -> Iterator[Tracer]:
    """One that sends spans to `telemetry.endpoint` until the end, or none.

    Raises:
        UsageError: it is asked for, and not installed.
    """
    telemetry = settings.telemetry
    if not telemetry.endpoint:
        yield NoTracer()
        return
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415 - an extra
            OTLPSpanExporter,
        )

        from countersign.cli.telemetry.spans import exporting  # noqa: PLC0415
    except ImportError as missing:
        raise UsageError(
            f"telemetry.endpoint is set, but {missing.name} is not installed: "
            "pip install 'countersign-server[otel]'."
        ) from missing
    exporter = OTLPSpanExporter(endpoint=f"{telemetry.endpoint.rstrip('/')}/v1/traces")
    with exporting(f"countersign-{process}", telemetry.ratio, exporter) as tracer:
        yield tracer
