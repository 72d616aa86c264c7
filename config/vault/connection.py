"""The way to Vault: every request of a process goes through here, and every failure becomes plain words.

Errors of hvac and of requests quote answers, addresses and headers, so none of them gets out: what is raised
instead is made here, outside of their handlers, so that not even a traceback holds them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from threading import Lock
from typing import Any, Final

import hvac
import requests
from hvac.exceptions import (
    BadGateway,
    Forbidden,
    InternalServerError,
    InvalidPath,
    InvalidRequest,
    RateLimitExceeded,
    Unauthorized,
    VaultDown,
    VaultError,
    VaultNotInitialized,
)

from countersign.config.vault.section import Vault
from countersign.config.vault.trouble import NotInVault, VaultAway, VaultRefused, VaultSealed, VaultTrouble

Request = Callable[[hvac.Client], Any]

_REFUSED: Final = (Forbidden, Unauthorized, InvalidRequest)
_NOT_WORKING: Final = {
    InternalServerError: "has an internal error",
    BadGateway: "cannot reach what it leans on",
    RateLimitExceeded: "says that it is asked too often",
    VaultNotInitialized: "is not initialised: run `vault operator init`",
}
_UNSEALED: Final = {200, 429, 472, 473}
_SEALED: Final = "is sealed: unseal it with `vault operator unseal`"


class VaultConnection:
    """Asks one after the other, since the threads of a process share it."""

    def __init__(self, section: Vault) -> None:
        self._address = section.address
        self._client = _client(section)
        self._lock = Lock()

    def use(self, token: str) -> None:
        """Send this token from now on."""
        self._client.token = token

    def ask(self, doing: str, request: Request) -> Mapping[str, Any]:
        """The answer to a request, empty where Vault has nothing to say.

        Raises:
            VaultTrouble: with `doing`, which names what was asked for.
        """
        answer = self._send(doing, request)
        if isinstance(answer, dict):
            return answer
        if getattr(answer, "status_code", 0) == requests.codes.no_content:
            return {}
        raise self._odd(doing)

    def require_unsealed(self) -> None:
        """Look whether Vault works; no token is needed.

        Raises:
            VaultAway: it does not, or is not to be had.
        """
        doing = "ask for its health"
        answer = self._send(doing, lambda client: client.sys.read_health_status(method="GET"))
        status = requests.codes.ok if isinstance(answer, dict) else getattr(answer, "status_code", 0)
        if status == requests.codes.service_unavailable:
            raise VaultSealed(self._says(_SEALED))
        if status == requests.codes.not_implemented:
            raise VaultAway(self._says(_NOT_WORKING[VaultNotInitialized]))
        if status not in _UNSEALED:
            raise VaultAway(self._says(f"answers with status {status} ({doing})"))

    def close(self) -> None:
        """Give the connection back."""
        self._client.adapter.close()

    def _send(self, doing: str, request: Request) -> Any:
        trouble: VaultTrouble
        try:
            with self._lock:
                return request(self._client)
        except VaultError as error:
            trouble = self._trouble(doing, error)
        except requests.RequestException as error:
            trouble = VaultAway(self._says(f"cannot be reached ({type(error).__name__}; {doing})"))
        except OSError:  # requests looks for the file itself
            trouble = VaultAway(self._says(f"is not asked, since vault.ca_file cannot be read ({doing})"))
        except (AttributeError, KeyError, TypeError, ValueError):  # hvac stumbles over what is not Vault's
            trouble = self._odd(doing)
        raise trouble

    def _trouble(self, doing: str, error: VaultError) -> VaultTrouble:
        if isinstance(error, VaultDown):
            sealed = "Vault is sealed" in (error.errors or ())
            return VaultSealed(self._says(_SEALED)) if sealed else VaultAway(self._says("is down"))
        if isinstance(error, InvalidPath):
            return NotInVault(self._says(f"has nothing there ({doing})"))
        if isinstance(error, _REFUSED):
            return VaultRefused(
                self._says(f"refuses to {doing}: look at the token, its end and its policies")
            )
        says = _NOT_WORKING.get(type(error), "gave an unexpected answer")
        return VaultAway(self._says(f"{says} ({doing})"))

    def _odd(self, doing: str) -> VaultAway:
        return VaultAway(self._says(f"gave an answer that is not Vault's own ({doing})"))

    def _says(self, what: str) -> str:
        return f"Vault at {self._address} {what}"


def _client(section: Vault) -> hvac.Client:
    session = requests.Session()
    # Neither a .netrc nor a proxy or a CA file that a variable names may come between.
    session.trust_env = False
    session.verify = verify = section.ca_file or section.verify
    return hvac.Client(
        url=section.address,
        token="",  # else hvac looks for one in VAULT_TOKEN and in the home folder
        verify=verify,
        timeout=section.timeout_s,
        namespace=section.namespace or None,
        session=session,
        allow_redirects=False,  # requests would send the token on to wherever an answer points
    )
