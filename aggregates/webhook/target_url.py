"""Addresses that may be given for a webhook; what a name leads to is looked at whenever it is called."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, urlsplit

from countersign.aggregates.network import Network, address_of
from countersign.aggregates.webhook.target_address import may_be_called

LONGEST_URL: Final = 500
_SCHEMES: Final = {"https": 443, "http": 80}
_POINTER: Final = "/url"


@dataclass(frozen=True, slots=True)
class UrlRules:
    """Without `clear_text` only HTTPS; `allowed` are networks that may be called though they are not open."""

    clear_text: bool = False
    allowed: tuple[Network, ...] = ()


@dataclass(frozen=True, slots=True)
class Target:
    """Where a URL leads: the host as it is named, without the brackets of an IPv6 address."""

    secure: bool
    host: str
    port: int
    path: str


def target_of(url: str) -> Target:
    """A URL that was accepted, taken apart."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    return Target(parts.scheme == "https", host, parts.port or _SCHEMES[parts.scheme], parts.path or "/")


def faults_of_url(url: str, rules: UrlRules) -> Iterator[tuple[str, str]]:
    """What is wrong with a URL, with its pointer."""
    if len(url) > LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        yield _POINTER, f"a URL has up to {LONGEST_URL} ASCII characters; names of other scripts as xn--"
        return
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        yield _POINTER, "not a URL"
        return
    for fault in _faults_of_parts(parts, port, rules):
        yield _POINTER, fault


def _faults_of_parts(parts: SplitResult, port: int | None, rules: UrlRules) -> Iterator[str]:
    if parts.scheme not in _SCHEMES or (parts.scheme == "http" and not rules.clear_text):
        yield "begins with https://"
    if not parts.hostname or port == 0:
        yield "names no host that can be called"
    if "@" in parts.netloc or "?" in parts.geturl() or "#" in parts.geturl():
        # A URL stands in lists and in the log as it is; the values of headers are sealed.
        yield "has no user, query or fragment: put a credential into a header"
    if (address := address_of(parts.hostname or "")) and not may_be_called(address, rules.allowed):
        yield "is an address that is not called"
