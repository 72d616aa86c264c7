"""No secret of the configuration is in anything that the service says: commands, logs, answers, crashes."""

from __future__ import annotations

import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPSConnection
from pathlib import Path

import pytest

from tests.integration.cli.planted import COUNTERSIGN, MARK, WAYS, Planted, secret_settings, variable
from tests.ports import free_port
from tests.vault_double.server import serving
from tests.vault_double.vault import Vault

pytestmark = pytest.mark.postgres
PATIENCE_S = 60.0


@pytest.fixture
def planted(tmp_path: Path, postgres_url: str) -> Iterator[Planted]:
    vault = Vault()
    with serving(vault) as address:
        yield Planted(tmp_path, postgres_url, vault, address)


def test_secrets_are_planted_everywhere(planted: Planted) -> None:
    assert len(planted.values) >= 9
    for way in WAYS:
        environment = planted.environment(way)
        said = planted.run(environment, "config", "check")
        assert (said.status, said.text) == (0, "The configuration is valid.\n")


@pytest.mark.parametrize("way", WAYS)
def test_what_shows_the_settings_hides_the_secrets(planted: Planted, way: str) -> None:
    environment = planted.environment(way)
    calls = (("config", "show"), ("config", "show", "--json"), ("config", "diff", "testing", "development"))

    said = [planted.run(environment, *call) for call in calls]

    assert [each.status for each in said] == [0, 0, 0]
    assert all(len(each.text) > 500 for each in said)
    assert not [each.text for each in said if MARK in each.text]


@pytest.mark.parametrize("way", WAYS)
def test_a_mistake_hides_the_secret_that_it_is_about(planted: Planted, way: str) -> None:
    for keys, _ in secret_settings():
        if keys[1].endswith("url"):
            planted.values[keys] = f"{MARK} is no address"
    environment = dict(planted.environment(way))
    environment["COUNTERSIGN_HTTP__PORT"] = "eighty"
    if way == "variable":
        environment["COUNTERSIGN_TLS__PASSWORT"] = MARK
    environment[variable(("smtp", "password"))] = f"vault:no key {MARK}"

    said = [planted.run(environment, *call) for call in (("config", "check"), ("serve",), ("doctor",))]

    assert [each.status for each in said] == [1, 2, 2]
    assert all("http.port" in each.text and "database.url" in each.text for each in said)
    assert not [each.text for each in said if MARK in each.text]


def test_doctor_status_and_a_running_api_hide_them_too(planted: Planted) -> None:
    environment = {**planted.environment("vault:"), "COUNTERSIGN_HTTP__PORT": str(free_port())}
    made = planted.run(environment, "init", "--admin-password-stdin", typed="correct horse battery")
    assert made.status == 0, made.text
    said = [made.text]

    with _serving(planted, environment, said):
        said += _asked(planted, int(environment["COUNTERSIGN_HTTP__PORT"]))
        said += [planted.run(environment, verb).text for verb in ("doctor", "status")]
    said.append(planted.logged())

    assert "countersign_http_requests_total" in "".join(said)
    assert '"request"' in said[-1]
    assert not [text for text in said if MARK in text]


def test_a_start_that_fails_and_a_crash_hide_them_too(planted: Planted) -> None:
    environment = planted.environment("env:")
    nothing_made = planted.run(environment, "status")
    crash = (
        "import countersign.cli.work as w, countersign.cli.main as m, dataclasses as d\n"
        "def fail(invocation):\n"
        "    settings = invocation.settings\n"
        "    raise RuntimeError(f'{settings!r} {settings.database.url} {d.asdict(settings)}')\n"
        "object.__setattr__(w.SUBCOMMAND, 'run', fail)\n"
        "m.main(['work'])\n"
    )
    crashed = subprocess.run(
        [COUNTERSIGN[0], "-c", crash],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    away = f"postgresql://app:{MARK}@127.0.0.1:1/nowhere"
    unreachable = planted.run({**environment, "KEPT_DATABASE_URL": away}, "status")

    assert (nothing_made.status, unreachable.status) == (1, 1)
    assert "Traceback" in crashed.stderr
    assert "RuntimeError: Settings(" in crashed.stderr
    assert MARK not in nothing_made.text + crashed.stderr + crashed.stdout + unreachable.text


@contextmanager
def _serving(planted: Planted, environment: dict[str, str], said: list[str]) -> Iterator[None]:
    lines = planted.folder / "serve.out"
    with lines.open("wb") as out:
        process = subprocess.Popen([*COUNTERSIGN, "serve"], env=environment, stdout=out, stderr=out)
        try:
            _wait_until_up(planted, int(environment["COUNTERSIGN_HTTP__PORT"]), process, lines)
            yield
        finally:
            process.terminate()
            process.wait(PATIENCE_S)
            said.append(lines.read_text("utf-8"))


def _wait_until_up(planted: Planted, port: int, process: subprocess.Popen[bytes], lines: Path) -> None:
    give_up = time.monotonic() + PATIENCE_S
    while True:
        try:
            _ask(planted, port, "GET", "/livez")
            return
        except OSError:
            assert time.monotonic() < give_up, lines.read_text("utf-8")
            assert process.poll() is None, lines.read_text("utf-8")
            time.sleep(0.1)


def _asked(planted: Planted, port: int) -> list[str]:
    """Answers of every kind: figures, problems, the description of the API."""
    calls = [
        ("GET", "/", None),
        ("GET", "/readyz", None),
        ("GET", "/metrics", None),
        ("GET", "/openapi.json", None),
        ("GET", "/nowhere", None),
        ("GET", "/v1/me", None),
        ("POST", "/v1/auth/login", b'{"email": "ada@example.com", "password": "wrong password"}'),
        ("POST", "/v1/auth/login", b"{"),
    ]
    return [_ask(planted, port, *call) for call in calls]


def _ask(planted: Planted, port: int, method: str, path: str, body: bytes | None = None) -> str:
    trusted = ssl.create_default_context(cafile=str(planted.root))
    connection = HTTPSConnection("localhost", port, timeout=30, context=trusted)
    try:
        connection.request(method, path, body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        return f"{answer.status} {answer.headers}\n{answer.read().decode()}"
    finally:
        connection.close()
