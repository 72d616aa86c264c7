"""E-mail addresses: which are accepted, how they are written, and when two are the same."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from countersign.aggregates.root import DomainError

_LOCAL: Final = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*", re.IGNORECASE)
_LABEL: Final = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_READ_TWO_WAYS: Final = frozenset("ßς\u200c\u200d")  # IDNA 2003 and 2008 make different domains of these
_MAX_LOCAL, _MAX_ADDRESS = 64, 254  # RFC 5321 section 4.5.3.1, and its erratum 1690


class InvalidEmail(DomainError):
    """The text is not an address that mail can be sent to."""

    code = "invalid_email"
    status = 422


@dataclass(frozen=True, slots=True)
class EmailAddress:
    """An accepted address, its domain in the ASCII form that mail servers speak.

    `written` is what to show and to send to; `canonical` is equal for addresses that differ in case only.
    """

    written: str
    canonical: str


def email_address(text: str, pointer: str = "/email") -> EmailAddress:
    """Accept an address without asking the network.

    Raises:
        InvalidEmail: saying at `pointer` what is wrong.
    """
    local, at, domain = unicodedata.normalize("NFKC", text).strip().rpartition("@")
    if not at:
        raise _invalid("an address has the form name@example.com", pointer)
    if len(local) > _MAX_LOCAL or not _LOCAL.fullmatch(local):
        raise _invalid(
            "the part before the @ may hold Latin letters, digits, dots and .!#$%&'*+/=?^_`{|}~-", pointer
        )
    written = f"{local}@{_ascii_domain(domain, pointer)}"
    if len(written) > _MAX_ADDRESS:
        raise _invalid(f"an address has at most {_MAX_ADDRESS} characters", pointer)
    return EmailAddress(written, written.lower())


def _ascii_domain(domain: str, pointer: str) -> str:
    lowered = domain.lower()
    if _READ_TWO_WAYS.intersection(lowered):
        raise _invalid("write this domain in its ASCII form, which begins with xn--", pointer)
    try:
        ascii_form = lowered.encode("idna").decode("ascii")
    except UnicodeError:
        raise _invalid("the part after the @ is not a domain name", pointer) from None
    labels = ascii_form.split(".")
    if len(labels) < 2 or labels[-1].isdigit() or not all(map(_LABEL.fullmatch, labels)):
        raise _invalid("the part after the @ is not a full domain name, like example.com", pointer)
    return ascii_form


def _invalid(reason: str, pointer: str) -> InvalidEmail:
    return InvalidEmail("this is not an e-mail address that can be used", ((pointer, reason),))
