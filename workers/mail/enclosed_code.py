"""What a mail says that must stand nowhere else: the code in it is made when the mail is sent."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final
from uuid import UUID

from countersign.aggregates.email_contents import EmailPurpose
from countersign.commands.account.one_time_tokens import OneTimeTokens, TokenPurpose

CODES: Final[Mapping[EmailPurpose, TokenPurpose]] = MappingProxyType(
    {
        EmailPurpose.EMAIL_VERIFY: TokenPurpose.REGISTRATION,
        EmailPurpose.EMAIL_CHANGE: TokenPurpose.EMAIL_CHANGE,
        EmailPurpose.PASSWORD_RESET: TokenPurpose.PASSWORD_RESET,
    }
)


def facts_to_send(
    purpose: EmailPurpose, facts: Mapping[str, str], public_url: str, tokens: OneTimeTokens
) -> dict[str, str]:
    """The facts of a mail, with the addresses and the code that go into its text."""
    told = {**facts, "service": public_url}
    if "report_id" in facts:
        told["link"] = f"{public_url}/v1/reports/{facts['report_id']}"
    if purpose in CODES:
        told["code"] = tokens.make(CODES[purpose], UUID(facts["stream"]), facts["nonce"])
    return told
