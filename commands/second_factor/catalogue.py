"""Every command about second factors, and the handler that decides it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from countersign.commands.handler import Handler
from countersign.commands.options import Options
from countersign.commands.second_factor.backup_codes import new_nonce
from countersign.commands.second_factor.begin_totp_enrolment import BeginTotpEnrolment, begin_totp_enrolment
from countersign.commands.second_factor.confirm_totp import ConfirmTotp, confirm_totp
from countersign.commands.second_factor.disable_mfa import DisableMfa, disable_mfa
from countersign.commands.second_factor.regenerate_backup_codes import (
    RegenerateBackupCodes,
    regenerate_backup_codes,
)
from countersign.commands.second_factor.reset_second_factor import ResetSecondFactor, reset_second_factor
from countersign.commands.second_factor.totp import new_secret


def handlers(options: Options) -> Mapping[type, Handler]:
    """The handlers by the class of their message."""
    return {
        BeginTotpEnrolment: partial(begin_totp_enrolment, options=options, draw=new_secret),
        ConfirmTotp: partial(confirm_totp, options=options, draw=new_nonce),
        RegenerateBackupCodes: partial(regenerate_backup_codes, options=options, draw=new_nonce),
        DisableMfa: partial(disable_mfa, options=options),
        ResetSecondFactor: partial(reset_second_factor, options=options),
    }
