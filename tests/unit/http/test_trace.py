from __future__ import annotations

from collections.abc import Iterator

import falcon
import pytest
from falcon.testing import create_environ
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from countersign.cli.telemetry.spans import OpenTelemetryTracer, provider_of
from countersign.eventstore.trail import Trail, current_trail
from countersign.http.edge.peer import TrustedProxies
from countersign.http.trace import Trace

TRACE = "0af7651916cd43dd8448eb211c80319c"


def traced(trusted_proxies: int = 0, **headers: str) -> falcon.Request:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    req = falcon.Request(create_environ(headers=named, remote_addr="192.0.2.1"))
    Trace(1, TrustedProxies(trusted_proxies)).process_request(req, falcon.Response())
    return req


def test_a_request_without_a_name_is_given_one() -> None:
    first, second = traced(), traced()

    assert first.context.request_id != second.context.request_id
    assert first.context.correlation == first.context.request_id


def test_a_trace_of_the_caller_goes_on_in_the_events() -> None:
    req = traced(traceparent=f"00-{TRACE}-b7ad6b7169203331-01", X_Request_Id="abc")

    assert (req.context.request_id, req.context.correlation) == ("abc", TRACE)


@pytest.mark.parametrize("name", ["a b", "x" * 65, "a\tb", 'a"b'])
def test_a_name_that_could_forge_log_lines_is_not_taken(name: str) -> None:
    assert traced(X_Request_Id=name).context.request_id != name


@pytest.mark.parametrize(
    ("trusted", "forwarded", "client"),
    [
        (0, "198.51.100.7", "192.0.2.1"),
        (1, "198.51.100.7", "198.51.100.7"),
        (1, "203.0.113.9, 198.51.100.7", "198.51.100.7"),
        (2, "203.0.113.9, 198.51.100.7", "203.0.113.9"),
        (2, "198.51.100.7", "198.51.100.7"),
        (1, "", "192.0.2.1"),
    ],
)
def test_an_address_is_believed_from_trusted_proxies_only(trusted: int, forwarded: str, client: str) -> None:
    assert traced(trusted, X_Forwarded_For=forwarded).context.client_ip == client


@pytest.fixture
def exporter() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def trace(exporter: InMemorySpanExporter) -> Iterator[Trace]:
    provider = provider_of("countersign-api", ratio=0.0)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    yield Trace(1, TrustedProxies(0), OpenTelemetryTracer(provider))
    provider.shutdown()


def asked(path: str = "/", method: str = "GET") -> falcon.Request:
    headers = {"traceparent": f"00-{TRACE}-b7ad6b7169203331-01"}
    return falcon.Request(create_environ(path, method=method, headers=headers, remote_addr="192.0.2.1"))


def test_a_request_is_a_span_of_the_callers_trace_and_its_thread_keeps_nothing_of_it(
    exporter: InMemorySpanExporter, trace: Trace
) -> None:
    req, resp = asked("/v1/reports/5"), falcon.Response()

    trace.process_request(req, resp)
    within = current_trail()
    req.uri_template = "/v1/reports/{report_id}"
    resp.status = 503
    trace.process_response(req, resp, None, True)

    (span,) = exporter.get_finished_spans()
    assert span.name == "GET /v1/reports/{report_id}"
    assert (span.context.trace_id, span.parent and span.parent.span_id) == (
        int(TRACE, 16),
        0xB7AD6B7169203331,
    )
    assert within.traceparent == f"00-{TRACE}-{span.context.span_id:016x}-01"
    assert span.attributes is not None
    assert span.attributes["http.response.status_code"] == 503
    assert not span.status.is_ok
    assert current_trail() == Trail()


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/metrics"])
def test_what_probes_ask_is_nobodys_trace(path: str, exporter: InMemorySpanExporter, trace: Trace) -> None:
    req, resp = asked(path), falcon.Response()
    trace.process_request(req, resp)
    trace.process_response(req, resp, None, True)
    assert exporter.get_finished_spans() == ()


def test_a_method_that_nobody_knows_names_no_span(exporter: InMemorySpanExporter, trace: Trace) -> None:
    req, resp = asked(method="GET"), falcon.Response()
    req.method = "PROPFIND-42"
    trace.process_request(req, resp)
    trace.process_response(req, resp, None, True)
    (span,) = exporter.get_finished_spans()
    assert span.name == "_OTHER (none)"
