"""Who is not even listened to."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest

from countersign.aggregates.security_event import SecurityEvent
from countersign.commands.access_policy.block_network import BlockNetwork
from countersign.commands.access_policy.unblock_network import UnblockNetwork
from countersign.http.edge.options import AutomaticBlockOptions, EdgeOptions
from tests.unit.commands.edge.conftest import Edge
from tests.unit.http.edge.front import CLIENT, Front

OURS = EdgeOptions(allowed_hosts=("Here.example", "there.example:8443"), refuse_bare_ip_hosts=True)
HTTPS = EdgeOptions(require_https=True, trusted_networks=("10.0.0.0/8",))


@pytest.mark.parametrize(
    "host", ["here.example", "HERE.example", "here.example.", "here.example:9", "there.example:8443"]
)
def test_an_allowed_name_is_answered_to(edge: Edge, host: str) -> None:
    assert Front(edge, OURS).code(host=host) == ""


@pytest.mark.parametrize(
    ("host", "code"),
    [
        ("evil.example", "host_refused"),
        ("here.example.evil.example", "host_refused"),
        ("there.example", "host_refused"),
        ("192.0.2.1", "host_refused"),
        ("[::1]", "host_refused"),
        ("here.example,evil.example", "invalid_host"),
        ("evil.example@here.example", "invalid_host"),
        ("here.example@evil.example", "invalid_host"),
        ("here.example:80:80", "invalid_host"),
        ("", "invalid_host"),
    ],
)
def test_another_name_is_refused(edge: Edge, host: str, code: str) -> None:
    answer = Front(edge, OURS).get(host=host)

    assert answer.json["code"] == code
    assert answer.status_code == {"host_refused": 421, "invalid_host": 400}[code]


def test_a_target_that_names_another_host_is_refused(edge: Edge) -> None:
    front = Front(edge, OURS)

    assert front.code(extras={"RAW_URI": "http://evil.example/v1"}) == "invalid_host"
    assert front.code(extras={"RAW_URI": "http://user@here.example/v1"}) == "invalid_host"
    assert front.code(extras={"RAW_URI": "http://HERE.example/v1"}) == ""


def test_a_name_that_a_stranger_says_was_forwarded_does_not_count(edge: Edge) -> None:
    assert Front(edge, OURS).code(host="evil.example", X_Forwarded_Host="here.example") == "host_refused"
    assert Front(edge, OURS).code(X_Forwarded_Host="evil.example") == ""


def test_bare_addresses_may_be_refused_while_any_name_is_taken(edge: Edge) -> None:
    front = Front(edge, EdgeOptions(refuse_bare_ip_hosts=True))

    assert front.code(host="any.example") == ""
    assert [front.code(host=host) for host in ("192.0.2.1", "127.1", "[::1]:8080")] == ["host_refused"] * 3
    assert Front(edge, EdgeOptions()).code(host="192.0.2.1:8080") == ""
    assert (
        Front(edge, EdgeOptions(allowed_hosts=("192.0.2.1",), refuse_bare_ip_hosts=True)).code(
            host="192.0.2.1"
        )
        == ""
    )


def test_plain_http_is_refused_and_not_redirected(edge: Edge) -> None:
    answer = Front(edge, HTTPS).get()

    assert (answer.status_code, answer.json["code"]) == (403, "https_required")
    assert "location" not in answer.headers
    assert "strict-transport-security" not in answer.headers


def test_https_is_believed_from_our_proxy_and_from_nobody_else(edge: Edge) -> None:
    front = Front(edge, HTTPS)

    assert front.code(ip="10.0.0.1", X_Forwarded_For=CLIENT, X_Forwarded_Proto="https") == ""
    assert front.code(ip="10.0.0.1", X_Forwarded_For=CLIENT, X_Forwarded_Proto="http") == "https_required"
    assert front.code(X_Forwarded_Proto="https") == "https_required"


def test_a_browser_that_came_by_https_is_told_to_stay_there(edge: Edge) -> None:
    answer = Front(edge, HTTPS).get(ip="10.0.0.1", X_Forwarded_For=CLIENT, X_Forwarded_Proto="https")

    assert answer.headers["strict-transport-security"] == "max-age=63072000; includeSubDomains"


@pytest.mark.parametrize(
    ("path", "ip", "forwarded", "code"),
    [
        ("/livez", CLIENT, None, ""),
        ("/livez", "10.0.0.1", CLIENT, ""),
        ("/readyz", "10.0.0.1", None, ""),
        ("/readyz", "127.0.0.1", None, ""),
        ("/metrics", "127.0.0.1", None, ""),
        ("/metrics", "::ffff:127.0.0.1", None, ""),
        ("/readyz", CLIENT, None, "invalid_host"),
        ("/readyz", "10.0.0.1", CLIENT, "invalid_host"),
        ("/readyz", "127.0.0.1", "127.0.0.1", "invalid_host"),
        ("/v1", "127.0.0.1", None, "invalid_host"),
    ],
)
def test_our_own_probes_come_as_they_can(
    edge: Edge, path: str, ip: str, forwarded: str | None, code: str
) -> None:
    headers = {} if forwarded is None else {"X_Forwarded_For": forwarded}
    assert Front(edge, HTTPS).code(path, ip=ip, host="a b", **headers) == code


def test_a_blocked_network_is_kept_out_within_a_second_and_let_in_again(edge: Edge) -> None:
    front = Front(edge, EdgeOptions())
    assert front.code() == ""
    edge.give(BlockNetwork(network="198.51.100.0/24", reason="scans"), edge.administrator)
    front.monotonic_s += 0.5
    assert front.code() == ""
    front.monotonic_s += 0.6

    assert (front.code(), front.code("/livez"), front.code(ip="198.51.101.7")) == ("network_blocked", "", "")
    edge.give(UnblockNetwork(block_id=edge.policy.blocks[0].subject), edge.administrator)
    front.monotonic_s += 1.1
    assert front.code() == ""


@pytest.mark.parametrize(
    ("network", "ip", "kept_out"),
    [
        ("2001:db8::/48", "2001:db8:0:7::1", True),
        ("2001:db8::/48", "2001:db8:1::1", False),
        ("198.51.100.7", "::ffff:198.51.100.7", True),
        ("198.51.100.7", "198.51.100.8", False),
    ],
)
def test_a_block_holds_for_each_address_of_its_network(
    edge: Edge, network: str, ip: str, kept_out: bool
) -> None:
    edge.give(BlockNetwork(network="203.0.113.0/24", reason="another"), edge.administrator)
    edge.give(BlockNetwork(network=network, reason="scans"), edge.administrator)

    assert Front(edge, EdgeOptions()).code(ip=ip) == ("network_blocked" if kept_out else "")


def test_a_block_runs_out_by_itself(edge: Edge) -> None:
    soon = edge.now + timedelta(minutes=1)
    edge.give(BlockNetwork(network=CLIENT, reason="scans", until=soon), edge.administrator)
    front = Front(edge, EdgeOptions())
    assert front.code() == "network_blocked"
    edge.now = soon

    assert front.code() == ""


def test_no_request_between_two_seconds_asks_the_log(edge: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    front = Front(edge, EdgeOptions())
    front.code()
    monkeypatch.setattr(edge.databases.log, "connections", None)  # whoever asks now fails

    assert [front.code() for _ in range(3)] == ["", "", ""]


def test_a_network_that_keeps_being_refused_is_blocked_for_a_while(edge: Edge) -> None:
    front = Front(edge, EdgeOptions(automatic_block=AutomaticBlockOptions(refusals=3, block_s=60)))
    refusals = [front.code("/guess") for _ in range(5)]
    front.notes.close()
    front.monotonic_s += 2

    assert refusals == ["invalid_token"] * 5
    assert front.code() == "network_blocked"
    (block,) = edge.policy.blocks
    assert (block.automatic, block.network, block.until) == (
        True,
        f"{CLIENT}/32",
        edge.now + timedelta(seconds=60),
    )
    assert front.code(ip="198.51.100.8") == ""


@pytest.mark.parametrize(
    ("ip", "options"),
    [
        ("127.0.0.1", EdgeOptions()),
        ("10.0.0.1", EdgeOptions(trusted_networks=("10.0.0.0/8",))),
        ("10.0.0.1", EdgeOptions(trusted_proxies=1)),
    ],
)
def test_neither_this_machine_nor_a_proxy_of_ours_is_blocked_by_itself(
    edge: Edge, ip: str, options: EdgeOptions
) -> None:
    few = EdgeOptions(
        trusted_networks=options.trusted_networks,
        trusted_proxies=options.trusted_proxies,
        automatic_block=AutomaticBlockOptions(refusals=1),
    )
    front = Front(edge, few)
    for _ in range(4):
        front.code("/guess", ip=ip)
    front.notes.close()
    front.monotonic_s += 2

    assert front.code(ip=ip) == ""


def test_a_flood_of_refusals_is_some_dozens_of_events(edge: Edge) -> None:
    front = Front(edge, EdgeOptions())
    for n in range(800):
        front.code("/guess", ip=f"10.{n % 400 // 200}.0.{n % 200}")
    front.notes.close()

    events = [one.event for one in edge.happened() if isinstance(one.event, SecurityEvent.Created)]
    assert len(events) <= 26
    assert sum(event.count for event in events) == 800
    assert max(event.count for event in events) > 600


def test_a_refusal_is_noted_with_what_was_asked_but_not_with_what_was_said(edge: Edge) -> None:
    front = Front(edge, EdgeOptions(trusted_proxies=1))
    front.code("/guess", X_Forwarded_For="203.0.113.9", Authorization="Bearer a-secret", X_Request_Id="r1")
    front.notes.close()

    (happened,) = edge.happened()
    assert isinstance(happened.event, SecurityEvent.Created)
    assert (happened.event.kind, happened.event.network) == ("invalid_token", "203.0.113.9")
    assert happened.event.detail == {"code": "invalid_token", "method": "GET", "route": "/{path}"}
    assert happened.metadata.correlation == "r1"
    assert "a-secret" not in str(vars(happened.event))


def test_what_cannot_be_recorded_holds_up_nobody_and_is_counted(
    edge: Edge, monkeypatch: pytest.MonkeyPatch
) -> None:
    front = Front(edge, EdgeOptions())
    with monkeypatch.context() as outage:
        outage.setattr(edge.databases.log, "connections", None)
        assert front.code("/guess") == "invalid_token"
        time.sleep(0.2)
    front.notes.close()

    assert [one.event.count for one in edge.happened() if isinstance(one.event, SecurityEvent.Created)] == [1]


ORIGIN = "https://pages.example"


def test_pages_of_other_origins_may_do_nothing_unless_they_are_named(edge: Edge) -> None:
    closed, open_ = Front(edge, EdgeOptions()), Front(edge, EdgeOptions(cors_origins=(ORIGIN,)))

    assert "access-control-allow-origin" not in closed.get(Origin=ORIGIN).headers
    assert open_.get(Origin=ORIGIN).headers["access-control-allow-origin"] == ORIGIN
    for other in (
        f"{ORIGIN}.evil.example",
        "http://pages.example",
        "https://PAGES.example",
        "null",
        f"{ORIGIN}:8443",
    ):
        assert "access-control-allow-origin" not in open_.get(Origin=other).headers
    assert open_.get().headers["vary"] == "Origin"


def test_a_browser_asks_first_and_never_sends_its_cookies(edge: Edge) -> None:
    answer = Front(edge, EdgeOptions(cors_origins=(ORIGIN,))).get(
        method="OPTIONS", Origin=ORIGIN, Access_Control_Request_Method="GET"
    )

    assert answer.headers["access-control-allow-methods"] == "GET"
    assert "If-Match" in answer.headers["access-control-allow-headers"]
    assert "access-control-allow-credentials" not in answer.headers


def test_every_answer_has_the_headers_that_browsers_ask_for(edge: Edge) -> None:
    front = Front(edge, OURS)
    for answer in (front.get(), front.get(host="evil.example"), front.get("/a/b/c")):
        headers = answer.headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert headers["cross-origin-embedder-policy"] == "require-corp"
        assert "camera=()" in headers["permissions-policy"]
        assert headers["cache-control"] == "no-store"


def test_what_somebody_signed_in_for_is_kept_by_no_cache(edge: Edge) -> None:
    answer = Front(edge, EdgeOptions()).get("/mine")

    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
