"""The whole API over a real store, with a person for each role and the workers' hands for documents."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import yaml
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from falcon.testing import Result, TestClient

from countersign.aggregates.artifact import Artifact
from countersign.aggregates.render_order import Format, Kind
from countersign.aggregates.role import Role
from countersign.cli.aggregate_classes import AGGREGATES
from countersign.cli.figures import figures_of
from countersign.cli.ledger import Ledger
from countersign.commands.account.bootstrap_administrator import BootstrapAdministrator
from countersign.commands.account.register_account import RegisterAccount
from countersign.commands.api_client.api_keys import ApiKeys
from countersign.commands.catalogue import handlers
from countersign.commands.configuration.flag_reader import FlagReader
from countersign.commands.dispatch import Dispatcher
from countersign.commands.options import Options as CommandOptions
from countersign.commands.options import SignInRules
from countersign.commands.password_hashes import HashCost
from countersign.commands.read_model.known import KnownReadModel
from countersign.commands.rendering.complete_rendering import CompleteRendering
from countersign.commands.rendering.request_rendering import RequestRendering
from countersign.commands.rendering.start_rendering import StartRendering
from countersign.commands.report_type.define_report_type import DefineReportType
from countersign.commands.second_factor.backup_codes import BackupCodes
from countersign.commands.session.refresh_tokens import RefreshTokens
from countersign.commands.template.install_template import InstallTemplate
from countersign.eventstore.context import SYSTEM, Context
from countersign.eventstore.databases import Databases
from countersign.eventstore.leases import Leases
from countersign.eventstore.open_log import open_log
from countersign.eventstore.open_store import StoreOptions, open_store
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.wakeups import Wakeups
from countersign.http.api_clients.usage_meter import UsageMeter
from countersign.http.app import create_app
from countersign.http.browser.cookie_ids import CookieIds
from countersign.http.options import Options
from countersign.http.security_notes import SecurityNotes
from countersign.http.services import Services
from countersign.http.session_cache.cache import NoSharedCache, SessionCache
from countersign.http.sessions import Sessions
from countersign.http.signing_keys import SigningKey, SigningKeys
from countersign.http.tokens import AccessTokens
from countersign.projections.catalogue import PROJECTIONS
from countersign.projections.following.freshness import Freshness
from countersign.projections.following.runner import Runner
from countersign.projections.orders.control import Control
from countersign.projections.past.as_of_copies import Copies
from countersign.projections.people.api_usage import add_usage
from countersign.workers.roll import Roll

ROOT = Path(__file__).parents[3]
PASSWORD = "correct horse battery"
REFRESH_KEY = b"r" * 32
BROWSER_KEY = b"b" * 32
SECOND_FACTOR_KEY = b"f" * 32
ONE_TIME_KEY = b"o" * 32
API_KEY_SECRET = b"a" * 32
STORE = StoreOptions(master_key=b"m" * 32, lookup_key=b"l" * 32, kept_aggregates=1000, snapshot_every=50)
SIGNING_KEY = SigningKey(
    "k1", Ed25519PrivateKey.from_private_bytes(b"k" * 32), datetime(1970, 1, 1, tzinfo=UTC)
)
OPTIONS = Options(
    version="0.0.0",
    public_url="http://localhost",
    max_body_bytes=1024 * 1024,
    min_position_wait_max_s=0.3,
    job_wait_max_s=5,
    waiting_max=1,
)
READ_MODELS = {
    one.name: KnownReadModel(version=one.version, partitioned=one.partitioned) for one in PROJECTIONS
}
FEATURES = {"docs_pages": True, "metrics": True, "review_copies": True}


def email_of(role: Role) -> str:
    return f"{role}@example.com"


@dataclass
class Clock:
    """The time of day, which a test may move on."""

    ahead: timedelta = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@dataclass
class Caller:
    """Somebody who is signed in, or nobody."""

    client: TestClient
    tokens: Mapping[str, Any] = field(default_factory=dict)

    @property
    def account(self) -> str:
        return str(self.tokens["account"])

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        if_match: str | None = None,
        key: str | None = None,
        headers: Mapping[str, str] | None = None,
        raw: bytes | None = None,
        **parameters: Any,
    ) -> Result:
        told = {"Authorization": f"Bearer {self.tokens['access_token']}"} if self.tokens else {}
        told |= {"If-Match": if_match} if if_match else {}
        told |= {"Idempotency-Key": key} if key else {}
        if body is not None or raw is not None:
            told["Content-Type"] = "application/json"
        answer = self.client.simulate_request(
            method,
            path,
            headers={**told, **(headers or {})},
            body=json.dumps(body) if raw is None and body is not None else raw,
            params=parameters,
        )
        if path == "/v1/auth/reauthenticate" and answer.status_code == 200:
            self.tokens = {**self.tokens, "access_token": answer.json["access_token"]}
        return answer

    def get(self, path: str, **more: Any) -> Result:
        return self.send("GET", path, **more)

    def post(self, path: str, body: Any = None, **more: Any) -> Result:
        return self.send("POST", path, body, **more)

    def put(self, path: str, body: Any, **more: Any) -> Result:
        return self.send("PUT", path, body, **more)

    def patch(self, path: str, body: Any, **more: Any) -> Result:
        return self.send("PATCH", path, body, **more)

    def reauthenticate(self, password: str = PASSWORD, **more: Any) -> Result:
        """Prove again who one is."""
        answer = self.post("/v1/auth/reauthenticate", {"password": password, **more})
        assert answer.status_code == 200, answer.text
        return answer


class Service:
    """One API process on its databases."""

    def __init__(self, databases: Databases, wakeups: Wakeups, rules: SignInRules | None = None) -> None:
        rules = rules or SignInRules()
        self.clock = Clock()
        self.log = open_log(databases, wakeups)
        self.store = open_store(databases, self.log, AGGREGATES, STORE)
        commands = handlers(
            CommandOptions(
                features=frozenset(FEATURES),
                read_models=READ_MODELS,
                periodic_work=frozenset({"backup", "clean_up"}),
                refresh_key=REFRESH_KEY,
                api_key_secret=API_KEY_SECRET,
                one_time_key=ONE_TIME_KEY,
                password_cost=HashCost(memory_kib=64, passes=1),
                second_factor_key=SECOND_FACTOR_KEY,
                sign_in=rules,
            )
        )
        self.dispatcher = Dispatcher(commands, self.store, self.log, self.clock)
        read = databases.read
        self.runner = Runner(
            self.log, self.store.mapper.happened, read, Leases(read), wakeups, PROJECTIONS, "test"
        )
        self.flags = FlagReader(self.store.aggregates, FEATURES, time.monotonic)
        self.noted: list[Any] = []
        self.security_notes = SecurityNotes(self._note, self.clock)
        freshness = Freshness(read, self.log, wakeups, PROJECTIONS)
        decode = self.store.mapper.happened
        self.copies = Copies(self.log, decode, read, freshness, PROJECTIONS)
        self.services = Services(
            dispatch=self.dispatcher.dispatch,
            rehearse=self.dispatcher.rehearse,
            obey=Control(self.log, self.store.mapper.happened, read, PROJECTIONS).obey,
            read_models=READ_MODELS,
            log=self.log,
            aggregates=self.store.aggregates,
            blobs=self.store.blobs,
            databases=databases,
            read=read,
            freshness=freshness,
            copies=self.copies,
            wakeups=wakeups,
            access_tokens=AccessTokens(
                SigningKeys(lambda: [SIGNING_KEY], 60), "countersign", "countersign", 900
            ),
            refresh_tokens=RefreshTokens(REFRESH_KEY),
            backup_codes=BackupCodes(SECOND_FACTOR_KEY),
            api_keys=ApiKeys(API_KEY_SECRET),
            usage=UsageMeter(partial(add_usage, read), self.clock, 3600),
            cookie_ids=CookieIds(BROWSER_KEY),
            sessions=Sessions(self.store.aggregates, SessionCache(NoSharedCache(), BROWSER_KEY)),
            work=Roll(read, self.clock),
            flags=self.flags,
            security_notes=self.security_notes,
            clock=self.clock,
            gather=figures_of(Ledger(databases, wakeups, self.log)),
        )
        options = replace(OPTIONS, totp_required_roles=rules.totp_required_roles)
        self.client = TestClient(create_app(self.services, options))
        self.nobody = Caller(self.client)
        self._signed_in: dict[Role, Caller] = {}

    def signed_in(self, role: Role) -> Caller:
        """The person in that role, at the desk."""
        if role not in self._signed_in:
            credentials = {"email": email_of(role), "password": PASSWORD}
            answer = self.nobody.post("/v1/auth/login", credentials)
            assert answer.status_code == 200, answer.text
            self._signed_in[role] = Caller(self.client, answer.json)
        return self._signed_in[role]

    def pass_time(self, **span: float) -> None:
        """Let it be later; who is at the desk then signs in anew."""
        self.clock.ahead += timedelta(**span)
        self._signed_in = {}

    def give(self, command: object, actor: UUID = SYSTEM) -> Receipt:
        """Give a command past the API, as the workers and the set-up do."""
        context = Context(actor=actor, command_key=str(uuid4()), correlation="test", fresh_key=True)
        return self.dispatcher.dispatch(command, context)

    def close(self) -> None:
        """End what works beside the requests."""
        self.copies.close()
        self.security_notes.close()

    def _note(self, command: Any, context: Context) -> Receipt:
        # Kept out of the log, so that a refusal does not move the positions that a test looks at.
        self.noted.append(command)
        return Receipt(position=0, streams=())

    def catch_up(self) -> int:
        """Bring the read tables up to the log."""
        self.runner.catch_up()
        return self.log.head()

    def render(
        self, report_id: UUID, kind: Kind, content: bytes = b"a document", revision: str = "R0"
    ) -> UUID:
        """What a worker does: ask for the document, make it, report it."""
        wanted = RequestRendering(report_id=report_id, revision=revision, kind=kind, format=Format.DOCX)
        rendering_id, _ = self.give(wanted).streams[0]
        self.finish(rendering_id, content)
        return rendering_id

    def finish(self, rendering_id: UUID, content: bytes = b"a document") -> None:
        self.give(StartRendering(rendering_id=rendering_id, worker="test"))
        artifact = Artifact(Format.DOCX, self.store.blobs.put(content), len(content))
        done = CompleteRendering(rendering_id=rendering_id, artifacts=(artifact,), duration_ms=5)
        self.give(done)


def set_up(service: Service) -> None:
    """The report type, its template, and a person for each role."""
    definition = yaml.safe_load((ROOT / "aggregates/catalogue/sat.yaml").read_text(encoding="utf-8"))
    template = (ROOT / "workers/templates/sat.docx").read_bytes()
    service.give(DefineReportType(definition=definition))
    service.give(InstallTemplate(slug="sat", name="SAT", report_type="SAT", content=template))
    administrator = uuid4()
    service.give(
        BootstrapAdministrator(
            account_id=administrator,
            name="Ada Administrator",
            email=email_of(Role.ADMINISTRATOR),
            password=PASSWORD,
        )
    )
    for role in Role:
        if role is not Role.ADMINISTRATOR:
            newcomer = RegisterAccount(
                account_id=uuid4(), name=f"Person {role}", email=email_of(role), password=PASSWORD, role=role
            )
            service.give(newcomer, actor=administrator)


def sample() -> dict[str, Any]:
    """The content of a realistic report, by section."""
    content: dict[str, Any] = yaml.safe_load((ROOT / "cli/sample/sat.yaml").read_text(encoding="utf-8"))
    return content
