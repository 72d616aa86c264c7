"""The ways to get a token from Vault."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from countersign.config.vault.answers import part
from countersign.config.vault.connection import VaultConnection
from countersign.config.vault.section import Vault
from countersign.config.vault.trouble import VaultRefused

Credential = Callable[[str], str]
"""The present value of one of the section's log-in settings, since a file may get a new one at any time."""

_LARGEST_TOKEN_BYTES: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class Token:
    """A token as Vault gave it; `ttl_s` is 0 for one without an end, `own` whether this process made it."""

    text: str = field(repr=False)
    ttl_s: float = field(compare=False)
    renewable: bool = field(compare=False)
    own: bool = field(compare=False)


def log_in(connection: VaultConnection, section: Vault, credential: Credential) -> Token:
    """A token, by the method that the settings name.

    Raises:
        VaultTrouble: Vault is away or does not let this service in.
    """
    if section.auth == "token":
        return _given(connection, credential("token"))
    mount = section.auth_mount or section.auth
    if section.auth == "approle":
        role_id, secret_id = credential("role_id"), credential("secret_id")
        answer = connection.ask(
            "log in with vault.role_id and vault.secret_id",
            lambda client: client.auth.approle.login(role_id, secret_id, use_token=False, mount_point=mount),
        )
    else:
        jwt = _service_account(section)
        answer = connection.ask(
            "log in with the Kubernetes service account",
            lambda client: client.auth.kubernetes.login(
                section.kubernetes_role, jwt, use_token=False, mount_point=mount
            ),
        )
    token = made_by(part(answer, "auth", dict))
    connection.use(token.text)
    return token


def made_by(auth: Mapping[str, Any]) -> Token:
    """The token in the answer to a log-in or to its renewal."""
    duration = part(auth, "lease_duration", int)
    return Token(part(auth, "client_token", str), duration, part(auth, "renewable", bool), own=True)


def _given(connection: VaultConnection, text: str) -> Token:
    connection.use(text)
    found = connection.ask("look up vault.token", lambda client: client.auth.token.lookup_self())
    about = part(found, "data", dict)
    return Token(text, part(about, "ttl", int), part(about, "renewable", bool), own=False)


def _service_account(section: Vault) -> str:
    try:
        with section.kubernetes_token_file.open("rb") as file:
            return file.read(_LARGEST_TOKEN_BYTES).decode("ascii").strip()
    except (OSError, UnicodeDecodeError):
        where = section.kubernetes_token_file
    raise VaultRefused(f"no service account token can be read from {where} (vault.kubernetes_token_file)")
