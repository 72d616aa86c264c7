"""Every command about sessions, and the handler that decides it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from countersign.commands.handler import Handler
from countersign.commands.options import Options
from countersign.commands.password_checks import PasswordChecks
from countersign.commands.password_hashes import PasswordHashes
from countersign.commands.session.continue_session import ContinueSession, continue_session
from countersign.commands.session.end_sessions import EndSessions, end_sessions
from countersign.commands.session.log_in import LogIn, log_in
from countersign.commands.session.reauthenticate import Reauthenticate, reauthenticate
from countersign.commands.session.refresh_session import RefreshSession, refresh_session
from countersign.commands.session.refresh_tokens import RefreshTokens
from countersign.commands.session.revoke_session import RevokeSession, revoke_session
from countersign.commands.session.unlock_account import UnlockAccount, unlock_account


def handlers(options: Options, passwords: PasswordHashes) -> Mapping[type, Handler]:
    """The handlers by the class of their message."""
    checks, tokens = PasswordChecks(passwords), RefreshTokens(options.refresh_key)
    return {
        LogIn: partial(log_in, options=options, passwords=checks),
        RefreshSession: partial(refresh_session, tokens=tokens),
        Reauthenticate: partial(reauthenticate, options=options, passwords=checks),
        ContinueSession: partial(continue_session, options=options),
        RevokeSession: partial(revoke_session, window_s=options.reauthentication_window_s),
        EndSessions: partial(end_sessions, window_s=options.reauthentication_window_s),
        UnlockAccount: unlock_account,
    }
