"""Settings of signing in: how many failures are borne, and whose role asks for a second factor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from countersign.config.bounds import Between, Name, WholeSeconds

RoleName = Literal[
    "engineer",
    "technical_manager",
    "project_manager",
    "document_controller",
    "auditor",
    "operator",
    "administrator",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """After so many failures within `window_s` the next try waits `delay_s`, twice as long each time in a row
    up to `delay_cap_s`.

    `network_failures` are those of all who call from one network, such as an office behind one address.
    `totp_issuer` is what authenticators show.
    """

    failures: Annotated[int, Between(1, 100)]
    network_failures: Annotated[int, Between(1, 100)]
    window_s: WholeSeconds
    delay_s: WholeSeconds
    delay_cap_s: WholeSeconds
    totp_required_roles: tuple[RoleName, ...]
    totp_issuer: Name
