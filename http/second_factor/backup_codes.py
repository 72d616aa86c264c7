"""Showing that the authenticator works, and the codes for when it is lost."""

from __future__ import annotations

from uuid import UUID

from falcon import Request, Response

from countersign.aggregates.second_factor import second_factor_id
from countersign.commands.second_factor.backup_codes import BackupCodes
from countersign.commands.second_factor.confirm_totp import ConfirmTotp
from countersign.commands.second_factor.regenerate_backup_codes import RegenerateBackupCodes
from countersign.commands.session.attempt import require_success
from countersign.eventstore.receipt import Receipt
from countersign.http.answers import Answer
from countersign.http.bodies import Form
from countersign.http.calls import answer_receipt, call_of
from countersign.http.endpoints import command
from countersign.http.fields import FactorCode
from countersign.http.second_factor.made import just_made
from countersign.http.services import Services


class CodeForm(Form):
    """What the authenticator shows now."""

    code: FactorCode


class BackupCodesAnswer(Answer):
    """Shown once: each stands in for the authenticator one time."""

    backup_codes: list[str]


class Confirmation:
    """`POST /v1/auth/second-factor/confirm`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @command("Second factor", refusals=(401, 409, 429))
    def on_post(self, req: Request, resp: Response, form: CodeForm) -> BackupCodesAnswer:
        """Put the new secret in force by a code of it, and get ten backup codes."""
        account_id = req.context.claims.account
        wanted = ConfirmTotp(account_id=account_id, code=form.code)
        receipt = self._services.dispatch(wanted, call_of(req).context)
        require_success(self._services.aggregates, receipt, second_factor_id(account_id))
        return _codes(self._services, account_id, resp, receipt)


class NewBackupCodes:
    """`POST /v1/auth/second-factor/backup-codes`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @command("Second factor", status=201, refusals=(403, 409))
    def on_post(self, req: Request, resp: Response) -> BackupCodesAnswer:
        """Make ten new backup codes, after `POST /v1/auth/reauthenticate`; the older ones are void."""
        account_id = req.context.claims.account
        receipt = self._services.dispatch(RegenerateBackupCodes(account_id=account_id), call_of(req).context)
        return _codes(self._services, account_id, resp, receipt)


def _codes(services: Services, account: UUID, resp: Response, receipt: Receipt) -> BackupCodesAnswer:
    made = just_made(services.aggregates, account, receipt)
    codes: BackupCodes = services.backup_codes
    answer_receipt(resp, receipt)
    return BackupCodesAnswer(backup_codes=list(codes.codes(account, made.backup_nonce or "")))
