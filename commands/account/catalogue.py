"""Every command about accounts, and the handler that decides it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from countersign.commands.account.approve_account import ApproveAccount, approve_account
from countersign.commands.account.bootstrap_administrator import (
    BootstrapAdministrator,
    bootstrap_administrator,
)
from countersign.commands.account.change_password import ChangePassword, change_password
from countersign.commands.account.change_role import ChangeRole, change_role
from countersign.commands.account.close_account import CloseAccount, close_account
from countersign.commands.account.confirm_email_change import ConfirmEmailChange, confirm_email_change
from countersign.commands.account.disable_account import DisableAccount, disable_account
from countersign.commands.account.enable_account import EnableAccount, enable_account
from countersign.commands.account.one_time_tokens import OneTimeTokens
from countersign.commands.account.register_account import RegisterAccount, register_account
from countersign.commands.account.reject_account import RejectAccount, reject_account
from countersign.commands.account.request_email_change import RequestEmailChange, request_email_change
from countersign.commands.account.request_password_reset import RequestPasswordReset, request_password_reset
from countersign.commands.account.reset_password import ResetPassword, reset_password
from countersign.commands.account.sign_up import SignUp, sign_up
from countersign.commands.account.update_profile import UpdateProfile, update_profile
from countersign.commands.account.verify_email import VerifyEmail, verify_email
from countersign.commands.handler import Handler
from countersign.commands.options import Options
from countersign.commands.password_hashes import PasswordHashes


def handlers(options: Options, passwords: PasswordHashes) -> Mapping[type, Handler]:
    """The handlers by the class of their message."""
    rules, good, tokens = options.accounts, options.password_rules, OneTimeTokens(options.one_time_key)
    return {
        BootstrapAdministrator: partial(bootstrap_administrator, passwords=passwords, password_rules=good),
        RegisterAccount: partial(register_account, rules=rules, passwords=passwords, password_rules=good),
        SignUp: partial(sign_up, rules=rules, passwords=passwords, password_rules=good, tokens=tokens),
        VerifyEmail: partial(verify_email, passwords=passwords),
        ApproveAccount: approve_account,
        RejectAccount: reject_account,
        ChangeRole: partial(change_role, rules=options.sign_in),
        DisableAccount: disable_account,
        EnableAccount: enable_account,
        CloseAccount: partial(close_account, window_s=options.reauthentication_window_s),
        UpdateProfile: update_profile,
        RequestEmailChange: partial(request_email_change, options=options, tokens=tokens),
        ConfirmEmailChange: confirm_email_change,
        ChangePassword: partial(
            change_password, rules=options.sign_in, passwords=passwords, password_rules=good
        ),
        RequestPasswordReset: partial(request_password_reset, rules=rules, tokens=tokens),
        ResetPassword: partial(reset_password, passwords=passwords, password_rules=good),
    }
