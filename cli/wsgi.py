"""The WSGI entry point: each gunicorn worker builds its own API here, after the fork."""

from __future__ import annotations

import atexit
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

from countersign.aggregates.role import Role
from countersign.cli.certificate_standing import CertificateComponent
from countersign.cli.derived_keys import api_key_secret, browser_key, refresh_key, second_factor_key
from countersign.cli.edge_options import edge_options
from countersign.cli.figures import figures_of
from countersign.cli.foundation import Foundation, foundation, utc_now
from countersign.cli.known_read_models import read_models_of
from countersign.cli.ledger import ledger_of
from countersign.cli.log_ids import configure_log
from countersign.cli.reload import server_settings
from countersign.cli.session_cache import shared_cache
from countersign.cli.telemetry.tracer import tracer_of
from countersign.cli.vault_at_start import leave_it_to_the_next
from countersign.commands.api_client.api_keys import ApiKeys
from countersign.commands.second_factor.backup_codes import BackupCodes
from countersign.commands.session.refresh_tokens import RefreshTokens
from countersign.config.private_files import KeyFilesError
from countersign.config.settings import Settings
from countersign.config.signing_key_files import load_signing_keys
from countersign.config.vault.trouble import VaultTrouble
from countersign.eventstore.trail import Tracer
from countersign.http.api_clients.usage_meter import UsageMeter
from countersign.http.app import create_app
from countersign.http.browser.cookie_ids import CookieIds
from countersign.http.options import Options
from countersign.http.security_notes import SecurityNotes
from countersign.http.services import Services
from countersign.http.session_cache.cache import SessionCache
from countersign.http.sessions import Sessions
from countersign.http.signing_keys import KeysUnreadable, SigningKey, SigningKeys
from countersign.http.tokens import AccessTokens
from countersign.projections.catalogue import PROJECTIONS
from countersign.projections.following.freshness import Freshness
from countersign.projections.orders.control import Control
from countersign.projections.past.as_of_copies import Copies, CopyOptions
from countersign.projections.people.api_usage import add_usage
from countersign.workers.roll import Roll

Wsgi = Callable[..., Any]


def application() -> Wsgi:
    """The API of this process, by the settings in its environment."""
    settings = server_settings()
    configure_log(settings)
    held = ExitStack()
    atexit.register(held.close)
    try:
        base = held.enter_context(foundation(settings))
        return api(base, held.enter_context(tracer_of(settings, "api")))
    except VaultTrouble as trouble:
        leave_it_to_the_next(trouble)


def api(base: Foundation, tracer: Tracer) -> Wsgi:
    """The API on a foundation."""
    return create_app(_services(base, tracer), _options(base.settings))


def _components(base: Foundation) -> dict[str, Callable[[], str]]:
    vault, settings = base.vault, base.settings
    return {
        **({"vault": lambda: vault.standing().state} if vault else {}),
        **({"certificate": CertificateComponent(settings)} if settings.tls.certificate else {}),
    }


def _services(base: Foundation, tracer: Tracer) -> Services:
    freshness = Freshness(base.databases.read, base.log, base.wakeups, PROJECTIONS)
    return Services(
        dispatch=base.dispatcher.dispatch,
        rehearse=base.dispatcher.rehearse,
        obey=Control(base.log, base.store.mapper.happened, base.databases.read, PROJECTIONS).obey,
        read_models=read_models_of(base.settings),
        log=base.log,
        aggregates=base.store.aggregates,
        blobs=base.store.blobs,
        databases=base.databases,
        read=base.databases.read,
        freshness=freshness,
        copies=_copies(base, freshness),
        wakeups=base.wakeups,
        access_tokens=_access_tokens(base),
        refresh_tokens=RefreshTokens(refresh_key(base.keys)),
        backup_codes=BackupCodes(second_factor_key(base.keys)),
        api_keys=ApiKeys(api_key_secret(base.keys)),
        usage=_usage_meter(base),
        cookie_ids=CookieIds(browser_key(base.keys)),
        sessions=Sessions(
            base.store.aggregates, SessionCache(shared_cache(base.settings), browser_key(base.keys))
        ),
        work=Roll(base.databases.read, utc_now),
        flags=base.flags,
        components=_components(base),
        gather=figures_of(ledger_of(base)),
        tracer=tracer,
        security_notes=_security_notes(base),
        clock=utc_now,
    )


def _copies(base: Foundation, freshness: Freshness) -> Copies:
    decode, read = base.store.mapper.happened, base.databases.read
    options = CopyOptions(cap=base.settings.projections.as_of_cap)
    copies = Copies(base.log, decode, read, freshness, PROJECTIONS, options)
    atexit.register(copies.close)
    return copies


def _security_notes(base: Foundation) -> SecurityNotes:
    notes = SecurityNotes(base.dispatcher.dispatch, utc_now)
    atexit.register(notes.close)  # before the databases are given back, as above
    return notes


def _usage_meter(base: Foundation) -> UsageMeter:
    add = partial(add_usage, base.databases.read)
    meter = UsageMeter(add, utc_now, base.settings.api_clients.usage_flush_s)
    atexit.register(meter.close)  # before the databases are given back, since it is registered after them
    return meter


def _access_tokens(base: Foundation) -> AccessTokens:
    tokens = base.settings.tokens
    keys = SigningKeys(partial(_signing_keys, base.settings.keys_dir), tokens.signing_keys_reread_s)
    return AccessTokens(keys, tokens.issuer, tokens.audience, tokens.access_lifetime_s)


def _signing_keys(folder: Path) -> Sequence[SigningKey]:
    try:
        return [SigningKey(key.id, key.key, key.signs_from) for key in load_signing_keys(folder)]
    except KeyFilesError as error:
        raise KeysUnreadable(str(error)) from error


def _options(settings: Settings) -> Options:
    http = settings.http
    return Options(
        version=version("countersign-server"),
        public_url=http.public_url,
        max_body_bytes=http.max_body_bytes,
        min_position_wait_max_s=http.min_position_wait_max_s,
        job_wait_max_s=http.job_wait_max_s,
        waiting_max=max(1, http.threads // 2),
        edge=edge_options(settings),
        totp_required_roles=frozenset(map(Role, settings.sign_in.totp_required_roles)),
        totp_issuer=settings.sign_in.totp_issuer,
        signing_key_lead_s=settings.tokens.signing_key_lead_s,
        session_seen_every_s=settings.sessions.seen_every_s,
    )
