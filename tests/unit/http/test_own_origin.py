"""Which pages count as the service's own."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from falcon import Request
from falcon.testing import create_environ

from countersign.http.browser.own_origin import CrossSiteRefused, OwnOrigin


def accepted(public_url: str, headers: Mapping[str, str]) -> bool:
    try:
        OwnOrigin(public_url).require(Request(create_environ(method="POST", headers=headers)))
    except CrossSiteRefused:
        return False
    return True


@pytest.mark.parametrize(
    ("public_url", "origin"),
    [
        ("https://cs.example", "https://cs.example"),
        ("https://cs.example:443/", "https://cs.example"),
        ("https://CS.example:8443", "https://cs.example:8443"),
        ("http://127.0.0.1:8080", "http://localhost:8080"),
        ("http://localhost:8080", "http://[::1]:8080"),
        ("http://[::1]:8080", "http://127.0.0.1:8080"),
    ],
)
def test_a_page_of_the_public_address_is_ours(public_url: str, origin: str) -> None:
    assert accepted(public_url, {"Origin": origin})
    assert accepted(public_url, {"Origin": origin, "Sec-Fetch-Site": "same-origin"})
    assert not accepted(public_url, {"Origin": origin, "Sec-Fetch-Site": "cross-site"})


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "",
        "https://evil.example",
        "http://cs.example",
        "https://cs.example:8443",
        "https://cs.example.evil.example",
        "https://evil.example/https://cs.example",
        "https://cs.example/",
        "https://cs.example, https://evil.example",
        "https://cs.example@evil.example",
    ],
)
def test_any_other_origin_is_not(origin: str) -> None:
    assert not accepted("https://cs.example", {"Origin": origin})
    assert not accepted("https://cs.example", {"Origin": origin, "Sec-Fetch-Site": "same-origin"})


@pytest.mark.parametrize(
    ("site", "ours"),
    [("same-origin", True), ("same-site", False), ("cross-site", False), ("none", False), ("", False)],
)
def test_without_an_origin_the_browsers_own_word_counts(site: str, ours: bool) -> None:
    assert accepted("https://cs.example", {"Sec-Fetch-Site": site}) is ours


def test_a_request_that_says_neither_is_refused() -> None:
    assert not accepted("https://cs.example", {})
    with pytest.raises(CrossSiteRefused) as refusal:
        OwnOrigin("https://cs.example").require(Request(create_environ(method="POST")))
    assert (refusal.value.status, refusal.value.code) == (403, "cross_site_refused")
