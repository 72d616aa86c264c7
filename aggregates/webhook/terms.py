"""What is agreed about a webhook: where it goes, and what is sent there."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from countersign.aggregates.root import Personal
from countersign.aggregates.webhook.public_events import PublicType
from countersign.aggregates.webhook.refusals import InvalidWebhook
from countersign.aggregates.webhook.target_url import UrlRules, faults_of_url

LONGEST_NAME: Final = 100
LONGEST_VALUE: Final = 1000
MOST_HEADERS: Final = 10
_FIELD_NAME: Final = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}", re.ASCII)
_FIELD_VALUE: Final = re.compile(r"[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?", re.ASCII)
_OURS: Final = frozenset(
    {
        "connection",
        "content-encoding",
        "content-length",
        "content-type",
        "expect",
        "host",
        "keep-alive",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "user-agent",
        "webhook-id",
        "webhook-signature",
        "webhook-timestamp",
    }
)


@dataclass(frozen=True, slots=True)
class Header:
    """A field that each delivery carries; its value may be a credential and is sealed like a secret."""

    name: str
    value: Personal


@dataclass(frozen=True, slots=True)
class Facts:
    """What of a report decides whether a webhook hears of it."""

    report_type: str
    project_reference: str
    client_name: str


@dataclass(frozen=True, slots=True)
class Only:
    """The reports that a webhook hears of; what is empty does not matter."""

    report_types: tuple[str, ...] = ()
    project_reference: str = ""
    client_name: str = ""

    def takes(self, facts: Facts | None) -> bool:
        """Whether it hears of a report; of what is about none, where it is not kept to some."""
        if facts is None:
            return self == Only()
        return (
            (not self.report_types or facts.report_type in self.report_types)
            and self.project_reference in ("", facts.project_reference)
            and self.client_name in ("", facts.client_name)
        )


@dataclass(frozen=True, slots=True)
class Terms:
    """`event_types` names what is sent; none means everything."""

    name: str
    url: str
    event_types: tuple[str, ...]
    only: Only
    headers: tuple[Header, ...]


def agreed_terms(
    *,
    name: str,
    url: str,
    event_types: Collection[str],
    only: Only,
    headers: Mapping[str, str],
    rules: UrlRules,
) -> Terms:
    """The terms in their plain form.

    Raises:
        InvalidWebhook: with a pointer to each fault.
    """
    plain = " ".join(name.split())
    faults = (
        *_faults_of_name(plain),
        *faults_of_url(url, rules),
        *_faults_of_types(event_types),
        *_faults_of_headers(headers),
    )
    if faults:
        raise InvalidWebhook("nothing can be sent like this", faults)
    return Terms(
        name=plain,
        url=url,
        event_types=tuple(sorted(set(event_types))),
        only=Only(tuple(sorted(set(only.report_types))), only.project_reference, only.client_name),
        headers=tuple(Header(key, value) for key, value in sorted(headers.items())),
    )


def _faults_of_name(name: str) -> Iterator[tuple[str, str]]:
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        yield "/name", f"a name has 1 to {LONGEST_NAME} printable characters"


def _faults_of_types(event_types: Collection[str]) -> Iterator[tuple[str, str]]:
    for index, each in enumerate(event_types):
        if each not in set(PublicType):
            yield f"/event_types/{index}", f"there is no type {each}"


def _faults_of_headers(headers: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    if len(headers) > MOST_HEADERS or len({name.lower() for name in headers}) < len(headers):
        yield "/headers", f"up to {MOST_HEADERS}, each named once"
    for name, value in headers.items():
        if not _FIELD_NAME.fullmatch(name) or name.lower() in _OURS:
            yield f"/headers/{_escaped(name)}", "not a field that can be added"
        if len(value) > LONGEST_VALUE or not _FIELD_VALUE.fullmatch(value):
            yield f"/headers/{_escaped(name)}", f"a value has 1 to {LONGEST_VALUE} printable ASCII characters"


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
