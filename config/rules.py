"""What must hold between settings, beyond the bounds of each."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import fields

from countersign.config.backups import backup_rules
from countersign.config.edge_rules import edge_rules
from countersign.config.mistakes import Mistake
from countersign.config.schedules import schedule_rules
from countersign.config.settings import Settings
from countersign.config.vault.rules import vault_rules
from countersign.config.webhooks import webhook_rules


def broken_rules(settings: Settings) -> list[Mistake]:
    """The mistakes that only show when settings are seen together."""
    found = [
        *_database(settings),
        *_tokens(settings),
        *_queues(settings),
        *_mail(settings),
        *schedule_rules(settings.schedules, settings.scheduler),
        *backup_rules(settings.backup),
        *edge_rules(settings),
        *webhook_rules(settings.webhooks),
        *vault_rules(settings),
        *_tls(settings),
        *_passwords(settings),
    ]
    return [Mistake(settings.sources[path], path, problem) for path, problem in found]


def _database(settings: Settings) -> Iterator[tuple[str, str]]:
    if settings.database.url:
        return
    for name in ("listen_url", "keys_url"):
        if getattr(settings.database, name):
            yield f"database.{name}", "expected empty, since database.url is empty (SQLite)"


def _tokens(settings: Settings) -> Iterator[tuple[str, str]]:
    tokens = settings.tokens
    if tokens.access_lifetime_s > tokens.refresh_idle_s:
        yield "tokens.access_lifetime_s", "expected at most tokens.refresh_idle_s"
    if tokens.refresh_idle_s > tokens.refresh_absolute_s:
        yield "tokens.refresh_idle_s", "expected at most tokens.refresh_absolute_s"
    if settings.sessions.seen_every_s * 2 > tokens.refresh_idle_s:
        yield "sessions.seen_every_s", "expected at most half of tokens.refresh_idle_s"


def _queues(settings: Settings) -> Iterator[tuple[str, str]]:
    for each in fields(settings.queues):
        queue = getattr(settings.queues, each.name)
        if queue.backoff_base_s > queue.backoff_cap_s:
            yield f"queues.{each.name}.backoff_base_s", f"expected at most queues.{each.name}.backoff_cap_s"


def _mail(settings: Settings) -> Iterator[tuple[str, str]]:
    if bool(settings.smtp.user) != bool(settings.smtp.password):
        yield "smtp.user", "expected together with smtp.password, or neither"


def _tls(settings: Settings) -> Iterator[tuple[str, str]]:
    tls, redis = settings.tls, settings.redis
    if (tls.key or tls.password) and not tls.certificate:
        yield "tls.certificate", "expected together with tls.key and tls.password"
    asks_for_them = tls.client_certificates != "off"
    if asks_for_them and not tls.certificate:
        yield "tls.client_certificates", "expected off, since tls.certificate is empty"
    if asks_for_them != bool(tls.client_ca_file):
        yield "tls.client_ca_file", "expected together with tls.client_certificates: optional"
    if redis.ca_file and redis.url and not redis.url.reveal().startswith("rediss://"):
        yield "redis.ca_file", "expected together with a rediss:// address in redis.url"


def _passwords(settings: Settings) -> Iterator[tuple[str, str]]:
    file = settings.passwords.breached_file
    if file and not os.access(file, os.R_OK):
        yield "passwords.breached_file", "expected a file that this user can read, or empty"
