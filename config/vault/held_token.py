"""The token that a process holds: got by logging in, renewed, and got anew before it ends."""

from __future__ import annotations

import logging
from collections.abc import Callable

from countersign.config.vault.answers import part
from countersign.config.vault.connection import VaultConnection
from countersign.config.vault.loan import Loan, new_loan
from countersign.config.vault.logins import Token, made_by
from countersign.config.vault.trouble import VaultRefused, VaultTrouble

_log = logging.getLogger(__name__)


class HeldToken:
    """Counts in `logins` how often there was a new one; what was borrowed with an older one ends with it."""

    def __init__(
        self,
        connection: VaultConnection,
        log_in: Callable[[], Token],
        clock: Callable[[], float],
        chance: Callable[[], float],
    ) -> None:
        self._connection = connection
        self._log_in = log_in
        self._clock = clock
        self._chance = chance
        self._token: Token | None = None
        self.logins = 0
        self.obtain()

    @property
    def ends_at(self) -> float:
        return self._loan.ends_at

    def obtain(self) -> None:
        """Log in. The token before is left to end by itself, since credentials in use hang on it."""
        began = self._clock()
        token = self._log_in()
        self._set(new_loan(began, token.ttl_s, renewable=token.renewable))
        if token != self._token:
            self._token = token
            self.logins += 1

    def keep(self) -> None:
        """Renew it, or get another one if it cannot live much longer.

        Raises:
            VaultTrouble: neither was possible now.
        """
        if not self._loan.renewable:
            self.obtain()
            return
        try:
            self._renew()
        except VaultRefused:  # revoked, or over: whoever may log in gets another one
            self.obtain()
            return
        if self._loan.nearly_over:
            self.obtain()

    def give_back(self) -> None:
        """Revoke it, and with it all that was borrowed with it, if this process made it."""
        if self._token is None or not self._token.own:
            return
        try:
            self._connection.ask("revoke its token", lambda client: client.auth.token.revoke_self())
        except VaultTrouble as trouble:
            _log.info("the token of this process ends by itself: %s", trouble)

    def _renew(self) -> None:
        began = self._clock()
        answer = self._connection.ask("renew its token", lambda client: client.auth.token.renew_self())
        token = made_by(part(answer, "auth", dict))
        self._set(self._loan.renewed(began, token.ttl_s, renewable=token.renewable))

    def _set(self, loan: Loan) -> None:
        self._loan = loan
        self.due_at = loan.due_at(self._chance())
