"""A trace goes on from the request, through events and effects, to the document and the mail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from countersign.cli.telemetry.spans import OpenTelemetryTracer, provider_of
from countersign.eventstore.trail import NoTracer, Trail, on_trail
from countersign.workers.options import SmtpOptions
from countersign.workers.rendering.limits import Limits
from countersign.workers.rendering.renderer import Renderer
from countersign.workers.workforce import worker_parts
from tests.integration.workers.plant import Plant, settings
from tests.integration.workers.running import running, wait_until
from tests.unit.commands.documents.office import Course

Serve = Callable[..., SmtpOptions]
TRACE = "0af7651916cd43dd8448eb211c80319c"
PARENT = f"00-{TRACE}-b7ad6b7169203331-01"


def test_a_submission_is_one_trace_to_the_rendered_document_and_the_mail(
    plant: Plant, course: Course, serve: Serve, renderer: Renderer
) -> None:
    exporter, provider = InMemorySpanExporter(), provider_of("countersign-work", ratio=0.0)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    around = replace(plant.surroundings("worker-1"), tracer=OpenTelemetryTracer(provider))
    parts = worker_parts(around, settings(plant.folder, serve()), renderer, Limits())

    with running(*parts):
        with on_trail(Trail(correlation=TRACE, traceparent=PARENT)):
            course.submitted()
        wait_until(lambda: "email.sent" in plant.topics() and "rendering.completed" in plant.topics())
        wait_until(lambda: {"deliver_email", "render_document"} <= names_in(exporter))
    provider.shutdown()

    spans = {span.context.span_id: span for span in exporter.get_finished_spans()}
    assert {span.context.trace_id for span in spans.values()} == {int(TRACE, 16)}
    by_name = {span.name: span for span in spans.values()}
    rendered, ordered = by_name["render_document"], by_name["order_document"]
    assert rendered.parent is not None
    assert rendered.parent.span_id == ordered.context.span_id
    mailed = by_name["deliver_email"]
    assert mailed.parent is not None
    assert spans[mailed.parent.span_id].name == "queue_emails"
    assert mailed.attributes is not None
    assert mailed.attributes["countersign.outcome"] == "done"
    traces = {happened.metadata.trace for happened in plant.events() if happened.topic == "email.sent"}
    assert all(trace.startswith(f"00-{TRACE}-") for trace in traces)


def names_in(exporter: InMemorySpanExporter) -> set[str]:
    return {span.name for span in exporter.get_finished_spans()}


def test_without_the_extra_the_trace_of_the_caller_is_passed_on(plant: Plant, course: Course) -> None:
    with on_trail(Trail(correlation=TRACE, traceparent=PARENT)):
        course.submitted()
    last = plant.events()[-1]
    assert last.metadata.trace == PARENT
    span = NoTracer().begin("render_document", last.metadata.trace, {})
    span.end({}, failed=False)
    assert span.traceparent == PARENT
