"""One's second factor: whether there is one, a new one, none any more."""

from __future__ import annotations

from datetime import datetime

from falcon import Request, Response

from countersign.aggregates.account import Account
from countersign.aggregates.second_factor import SecondFactor, second_factor_id
from countersign.commands.second_factor.begin_totp_enrolment import BeginTotpEnrolment
from countersign.commands.second_factor.disable_mfa import DisableMfa
from countersign.eventstore.store import NotFound
from countersign.http.answers import Answer
from countersign.http.calls import answer_receipt, call_of
from countersign.http.endpoints import command, query
from countersign.http.options import Options
from countersign.http.second_factor.made import just_made
from countersign.http.second_factor.secret_answer import SecretAnswer, secret_answer
from countersign.http.services import Services
from countersign.http.sessions import session_of


class SecondFactorAnswer(Answer):
    """Whether signing in asks for a code; `required`: the role asks for it."""

    enabled: bool
    enabled_at: datetime | None
    required: bool
    backup_codes_left: int


class OwnSecondFactor:
    """`/v1/auth/second-factor`."""

    def __init__(self, services: Services, options: Options) -> None:
        self._services = services
        self._options = options

    @query("Second factor", enrolling=True)
    def on_get(self, req: Request, _resp: Response) -> SecondFactorAnswer:
        """Tell whether one has a second factor, and how many backup codes are left."""
        claims = req.context.claims
        session_of(claims)
        factor = self._services.aggregates.find(SecondFactor, second_factor_id(claims.account))
        return SecondFactorAnswer(
            enabled=factor is not None and factor.is_enabled,
            enabled_at=factor.enabled_at if factor else None,
            required=claims.role in self._options.totp_required_roles,
            backup_codes_left=factor.codes_left if factor else 0,
        )

    @command("Second factor", status=201, refusals=(403, 409))
    def on_post(self, req: Request, resp: Response) -> SecretAnswer:
        """Draw a new secret, after `POST /v1/auth/reauthenticate`; it is in force once a code confirms it."""
        services, account_id = self._services, req.context.claims.account
        receipt = services.dispatch(BeginTotpEnrolment(account_id=account_id), call_of(req).context)
        made = just_made(services.aggregates, account_id, receipt)
        account = services.aggregates.find(Account, account_id)
        if account is None:
            raise NotFound("there is no account behind this call")
        answer_receipt(resp, receipt)
        return secret_answer(str(made.pending_secret), self._options.totp_issuer, str(account.email))

    @command("Second factor", status=204, refusals=(403, 409))
    def on_delete(self, req: Request, resp: Response) -> None:
        """Do without a second factor, after `POST /v1/auth/reauthenticate`, unless the role asks for one."""
        wanted = DisableMfa(account_id=req.context.claims.account)
        answer_receipt(resp, self._services.dispatch(wanted, call_of(req).context))
