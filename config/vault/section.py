"""Settings of Vault: where it is, how to log in, and what is kept there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from countersign.config.bounds import Between, Matching, Name, Seconds, WebAddress
from countersign.config.secret import Secret

NameOrNone = Annotated[
    str, Matching(r"[A-Za-z0-9._/\-]{0,200}", "a name of letters, digits and ._/-, or empty")
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Vault:
    """The Vault that secrets come from; without an address there is none.

    The log-in (`auth`) needs `token`, or `role_id` and `secret_id`, or `kubernetes_role`; these cannot be
    references to Vault itself. `auth_mount` is empty where the method has its usual mount. `ca_file` replaces
    the usual authorities. Every `check_s` each process looks whether Vault is sealed.
    """

    address: WebAddress
    namespace: NameOrNone
    auth: Literal["token", "approle", "kubernetes"]
    auth_mount: NameOrNone
    token: Secret
    role_id: Secret
    secret_id: Secret
    kubernetes_role: NameOrNone
    kubernetes_token_file: Path
    ca_file: str
    verify: bool
    timeout_s: Seconds
    check_s: Seconds
    database_mount: Name
    transit_mount: Name
    transit_key: Name


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """How the master key lies in its file: as it is, or encrypted by Vault's transit engine.

    Secrets in use for more than `rotate_after_days` are told of by the health check; 0: never.
    """

    master: Literal["file", "transit"]
    rotate_after_days: Annotated[int, Between(0, 3650)]
