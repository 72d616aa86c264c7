"""What the command handlers need to be told by the composition root."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from countersign.aggregates.failure_count import ThrottleRule
from countersign.aggregates.role import Role
from countersign.aggregates.webhook.target_url import UrlRules
from countersign.commands.password_hashes import HashCost
from countersign.commands.password_rules import PasswordRules
from countersign.commands.read_model.known import ReadModels


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInRules:
    """How many failed tries are borne, and whose role asks for a second factor."""

    by_account: ThrottleRule = field(default_factory=ThrottleRule)
    by_network: ThrottleRule = field(default_factory=lambda: ThrottleRule(failures=20))
    totp_required_roles: frozenset[Role] = frozenset()
    totp_issuer: str = "Countersign"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRules:
    """Whether strangers may register, how long a code of a mail holds, and how many mails they may cause.

    `letters_per_hour` is for one address and one purpose. With `change_first_password` a password that an
    administrator has chosen for somebody is good for choosing another only.
    """

    self_registration: bool = True
    change_first_password: bool = False
    registration_lifetime_s: int = 86_400
    email_change_lifetime_s: int = 3600
    password_reset_lifetime_s: int = 1800
    letters_per_hour: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Limits and keys of the command layer.

    `refresh_key` signs refresh tokens, `second_factor_key` makes backup codes, `api_key_secret` the keys of
    API clients, `one_time_key` the codes in mails; `mail_domain` ends each Message-ID; times are in seconds.
    `active_schedules_max` are for one owner.
    """

    refresh_key: bytes
    second_factor_key: bytes
    api_key_secret: bytes
    one_time_key: bytes
    session_idle_s: int = 1800
    session_absolute_s: int = 43200
    session_seen_every_s: float = 300
    reauthentication_window_s: int = 300
    sign_in: SignInRules = field(default_factory=SignInRules)
    accounts: AccountRules = field(default_factory=AccountRules)
    password_cost: HashCost = field(default_factory=HashCost)
    password_rules: PasswordRules = field(default_factory=PasswordRules)
    mail_domain: str = "countersign.localdomain"
    features: frozenset[str] = frozenset()
    read_models: ReadModels = field(default_factory=dict)
    periodic_work: frozenset[str] = frozenset()
    api_client_longest: timedelta = timedelta(days=365)
    api_key_overlap_max_s: int = 7 * 86_400
    webhook_urls: UrlRules = field(default_factory=UrlRules)
    webhook_overlap_max_s: int = 7 * 86_400
    active_schedules_max: int = 20
