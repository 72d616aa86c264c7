"""Who calls: forged, doubled and garbled headers say nothing."""

from __future__ import annotations

import falcon
import pytest
from falcon.testing import create_environ

from countersign.http.edge.peer import Peer, TrustedProxies

PROXY, INNER, CLIENT, FORGED = "10.0.0.1", "10.0.0.2", "198.51.100.7", "203.0.113.9"
OURS = ("10.0.0.0/8", "fd00::/8")


def peer(proxies: TrustedProxies, remote: str = PROXY, scheme: str = "http", **headers: str) -> Peer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return proxies.peer_of(
        falcon.Request(create_environ(headers=named, remote_addr=remote, scheme=scheme, host="here.example"))
    )


@pytest.mark.parametrize(
    ("forwarded", "ip"),
    [
        (CLIENT, CLIENT),
        (f"{FORGED}, {CLIENT}", CLIENT),
        (f"{FORGED}, {CLIENT}, {INNER}", CLIENT),
        (f"127.0.0.1, {INNER}, {FORGED}, {CLIENT}, {INNER}", CLIENT),
        (f"{CLIENT}:4711", CLIENT),
        ("[2001:db8::7]:4711", "2001:db8::7"),
        ("::ffff:198.51.100.7", CLIENT),
        (f"{CLIENT}, nonsense", PROXY),
        (f"{CLIENT}, ", PROXY),
        (f"{CLIENT}, fe80::1%eth0", PROXY),
        ("", PROXY),
        (",,,", PROXY),
        (", ".join([INNER] * 1000), INNER),
    ],
)
def test_the_first_stranger_from_the_right_is_the_caller(forwarded: str, ip: str) -> None:
    assert peer(TrustedProxies(networks=OURS), X_Forwarded_For=forwarded).ip == ip


def test_somebody_who_is_no_proxy_of_ours_speaks_for_nobody() -> None:
    told = peer(
        TrustedProxies(networks=OURS),
        remote=FORGED,
        X_Forwarded_For="127.0.0.1",
        X_Forwarded_Proto="https",
        X_Forwarded_Host="evil.example",
    )

    assert (told.ip, told.scheme, told.host) == (FORGED, "http", "here.example")
    assert not told.from_trusted
    assert not told.is_proxy


def test_a_count_bounds_how_many_proxies_are_believed() -> None:
    chain = f"{FORGED}, {CLIENT}, {INNER}"

    assert peer(TrustedProxies(1), X_Forwarded_For=chain).ip == INNER
    assert peer(TrustedProxies(2), X_Forwarded_For=chain).ip == CLIENT
    assert peer(TrustedProxies(1, OURS), X_Forwarded_For=chain).ip == INNER
    assert peer(TrustedProxies(2, OURS), X_Forwarded_For=chain).ip == CLIENT


def test_without_proxies_the_socket_alone_is_believed() -> None:
    told = peer(TrustedProxies(), X_Forwarded_For=CLIENT, X_Forwarded_Proto="https")

    assert (told.ip, told.scheme, told.forwarded, told.is_proxy) == (PROXY, "http", True, False)


@pytest.mark.parametrize(
    ("told", "scheme"),
    [("https", "https"), ("HTTPS", "https"), ("https, http", "http"), ("ftp", "http"), ("https,", "http")],
)
def test_the_nearest_proxy_says_whether_it_was_https(told: str, scheme: str) -> None:
    assert peer(TrustedProxies(1), X_Forwarded_Proto=told).scheme == scheme


def test_tls_of_our_own_is_known_without_a_proxy() -> None:
    assert peer(TrustedProxies(), scheme="https").scheme == "https"


def test_a_trusted_proxy_says_which_host_was_asked_for() -> None:
    told = peer(TrustedProxies(1), X_Forwarded_Host="evil.example, asked.example")

    assert told.host == "asked.example"


@pytest.mark.parametrize("proxies", [TrustedProxies(1), TrustedProxies(networks=OURS)])
def test_a_proxy_that_tells_nothing_is_known_to_be_one(proxies: TrustedProxies) -> None:
    assert peer(proxies).is_proxy
    assert not peer(proxies, X_Forwarded_For=CLIENT).is_proxy


@pytest.mark.parametrize(
    ("ip", "network"),
    [("198.51.100.7", "198.51.100.7/32"), ("2001:db8::1:2", "2001:db8::/64"), ("unix", "unknown")],
)
def test_a_caller_is_counted_by_address_or_by_64(ip: str, network: str) -> None:
    assert peer(TrustedProxies(), remote=ip).network == network
