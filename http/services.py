"""What the API is given by the composition root."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from countersign.commands.api_client.api_keys import ApiKeys
from countersign.commands.configuration.flag_reader import FlagReader
from countersign.commands.read_model.known import ReadModels
from countersign.commands.second_factor.backup_codes import BackupCodes
from countersign.commands.session.refresh_tokens import RefreshTokens
from countersign.eventstore.aggregates import Aggregates
from countersign.eventstore.blobs import Blobs
from countersign.eventstore.databases import Database, Databases
from countersign.eventstore.log import Log
from countersign.eventstore.trail import NoTracer, Tracer
from countersign.eventstore.wakeups import Wakeups
from countersign.http.api_clients.usage_meter import UsageMeter
from countersign.http.browser.cookie_ids import CookieIds
from countersign.http.calls import Dispatch
from countersign.http.jobs.work_seen import WorkSeen
from countersign.http.security_notes import SecurityNotes
from countersign.http.sessions import Sessions
from countersign.http.tokens import AccessTokens
from countersign.projections.following.freshness import Freshness
from countersign.projections.health.figure import Gather
from countersign.projections.past.as_of_copies import Copies


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The commands, the log, what is read from it, and the tokens.

    `read` holds the read tables as they are, `copies` as they were. `components` tell in a word how the
    neighbours stand without which this process can go on for a while; `gather` looks at the service's
    figures.
    """

    dispatch: Dispatch
    rehearse: Dispatch
    obey: Callable[[], int]
    read_models: ReadModels
    log: Log
    aggregates: Aggregates
    blobs: Blobs
    databases: Databases
    read: Database
    freshness: Freshness
    copies: Copies
    wakeups: Wakeups
    access_tokens: AccessTokens
    refresh_tokens: RefreshTokens
    backup_codes: BackupCodes
    cookie_ids: CookieIds
    sessions: Sessions
    work: WorkSeen
    api_keys: ApiKeys
    usage: UsageMeter
    flags: FlagReader
    security_notes: SecurityNotes
    clock: Callable[[], datetime]
    components: Mapping[str, Callable[[], str]] = field(default_factory=dict)
    gather: Gather = tuple
    tracer: Tracer = field(default_factory=NoTracer)
