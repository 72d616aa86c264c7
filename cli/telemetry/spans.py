"""Spans for OpenTelemetry, from the request to the mail; its packages are imported nowhere else.

The trace goes on from process to process in the metadata of events and in the rows of effects.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version

from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased
from opentelemetry.trace import SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from countersign.eventstore.trail import Span, Tracer

_TRACE_CONTEXT = TraceContextTextMapPropagator()


class OpenTelemetrySpan:
    """A span that is recorded when it ends."""

    def __init__(self, span: trace.Span, name: str) -> None:
        self._span = span
        self._name = name

    @property
    def traceparent(self) -> str:
        """For those who go on from here."""
        carrier: dict[str, str] = {}
        _TRACE_CONTEXT.inject(carrier, trace.set_span_in_context(self._span))
        return carrier.get("traceparent", "")

    def end(self, outcome: Mapping[str, str | int], *, failed: bool) -> None:
        """Say what came of it; a request is called by its method and its route, which only then is known."""
        self._span.set_attributes(dict(outcome))
        if route := outcome.get("http.route"):
            self._span.update_name(f"{self._name} {route}")
        if failed:
            self._span.set_status(Status(StatusCode.ERROR))
        self._span.end()


class OpenTelemetryTracer:
    """Begins spans of one provider, which is no global one."""

    def __init__(self, provider: TracerProvider) -> None:
        self._tracer = provider.get_tracer("countersign", version("countersign-server"))

    def begin(self, name: str, parent: str, told: Mapping[str, str | int]) -> Span:
        """Begin one; a parent that is no traceparent begins a trace of its own."""
        context = _TRACE_CONTEXT.extract({"traceparent": parent}) if parent else None
        kind = SpanKind.SERVER if "http.request.method" in told else SpanKind.CONSUMER
        span = self._tracer.start_span(name, context=context, kind=kind, attributes=dict(told))
        return OpenTelemetrySpan(span, name)


def provider_of(service: str, ratio: float) -> TracerProvider:
    """Traces that callers have begun are recorded as they say; of the others, this part."""
    resource = Resource.create({"service.name": service, "service.version": version("countersign-server")})
    return TracerProvider(sampler=ParentBased(TraceIdRatioBased(ratio)), resource=resource)


@contextmanager
def exporting(service: str, ratio: float, exporter: SpanExporter) -> Iterator[Tracer]:
    """Send spans in batches, and the last of them at the end."""
    provider = provider_of(service, ratio)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    try:
        yield OpenTelemetryTracer(provider)
    finally:
        provider.shutdown()
