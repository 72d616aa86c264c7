"""Giving a command about one account, and answering with the account as it is then."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from falcon import Request, Response

from countersign.aggregates.account import Account
from countersign.http.accounts.account_answer import AccountAnswer
from countersign.http.accounts.accounts import account_answer
from countersign.http.calls import answer_receipt, as_left, call_of
from countersign.http.preconditions import tag_version
from countersign.http.services import Services


def change_account(
    services: Services, req: Request, resp: Response, account_id: UUID, wanted: Any
) -> AccountAnswer:
    """Dispatch what is wanted for an account."""
    receipt = services.dispatch(wanted, call_of(req).context)
    account = as_left(services.aggregates, Account, account_id, receipt)
    answer_receipt(resp, receipt)
    tag_version(resp, account.version)
    return account_answer(account)
