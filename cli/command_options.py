"""What the settings mean to the commands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from countersign.aggregates.failure_count import ThrottleRule
from countersign.aggregates.role import Role
from countersign.cli.derived_keys import api_key_secret, one_time_key, refresh_key, second_factor_key
from countersign.cli.endpoint_options import url_rules
from countersign.cli.known_read_models import read_models_of
from countersign.commands import options as commands
from countersign.commands.breached_passwords import BreachedPasswords
from countersign.commands.password_hashes import HashCost
from countersign.commands.password_rules import PasswordRules
from countersign.config.accounts import Accounts, Passwords
from countersign.config.key_files import KeyRing
from countersign.config.schedules import kinds_of_work
from countersign.config.settings import Settings
from countersign.config.sign_in import SignIn


def command_options(settings: Settings, keys: KeyRing) -> commands.Options:
    tokens = settings.tokens
    return commands.Options(
        refresh_key=refresh_key(keys),
        second_factor_key=second_factor_key(keys),
        api_key_secret=api_key_secret(keys),
        one_time_key=one_time_key(keys),
        accounts=_account_rules(settings.accounts),
        password_cost=_hash_cost(settings.passwords),
        password_rules=_password_rules(settings.passwords),
        session_idle_s=tokens.refresh_idle_s,
        session_absolute_s=tokens.refresh_absolute_s,
        session_seen_every_s=settings.sessions.seen_every_s,
        reauthentication_window_s=tokens.reauthentication_window_s,
        api_client_longest=timedelta(days=settings.api_clients.longest_days),
        api_key_overlap_max_s=settings.api_clients.overlap_max_s,
        webhook_urls=url_rules(settings.webhooks),
        webhook_overlap_max_s=settings.webhooks.overlap_max_s,
        active_schedules_max=settings.scheduler.active_per_owner_max,
        features=frozenset(features_of(settings)),
        read_models=read_models_of(settings),
        periodic_work=kinds_of_work(),
        sign_in=_sign_in_rules(settings.sign_in),
        mail_domain=urlsplit(settings.http.public_url).hostname or "localhost",
    )


def features_of(settings: Settings) -> Mapping[str, bool]:
    """The parts of the service that can be switched, as they are configured."""
    features = settings.features
    return {
        "docs_pages": features.docs_pages,
        "metrics": features.metrics,
        "review_copies": features.review_copies,
    }


def _account_rules(accounts: Accounts) -> commands.AccountRules:
    return commands.AccountRules(
        self_registration=accounts.self_registration,
        change_first_password=accounts.change_first_password,
        registration_lifetime_s=accounts.registration_lifetime_s,
        email_change_lifetime_s=accounts.email_change_lifetime_s,
        password_reset_lifetime_s=accounts.password_reset_lifetime_s,
        letters_per_hour=accounts.letters_per_hour,
    )


def _hash_cost(passwords: Passwords) -> HashCost:
    return HashCost(
        memory_kib=passwords.memory_kib,
        passes=passwords.passes,
        lanes=passwords.lanes,
        at_once=passwords.at_once,
        wait_s=passwords.wait_s,
    )


def _password_rules(passwords: Passwords) -> PasswordRules:
    file = passwords.breached_file
    return PasswordRules(
        forbidden_words=passwords.forbidden_words,
        breached=BreachedPasswords(Path(file)) if file else None,
    )


def _sign_in_rules(sign_in: SignIn) -> commands.SignInRules:
    by_account = ThrottleRule(
        sign_in.failures, sign_in.window_s, delay_s=sign_in.delay_s, delay_cap_s=sign_in.delay_cap_s
    )
    return commands.SignInRules(
        by_account=by_account,
        by_network=replace(by_account, failures=sign_in.network_failures),
        totp_required_roles=frozenset(map(Role, sign_in.totp_required_roles)),
        totp_issuer=sign_in.totp_issuer,
    )
