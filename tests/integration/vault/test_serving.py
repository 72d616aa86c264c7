"""A real API server on Vault: each of its processes logs in by itself, and goes on while Vault is sealed."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
import requests

from tests.e2e.api_server import ApiServer, api_server
from tests.integration.vault.waiting import wait_until
from tests.vault_double.server import serving
from tests.vault_double.vault import Vault

PLANTED = "planted-secret-4711"


@pytest.fixture
def vault() -> Vault:
    vault = Vault()
    vault.transit.rotate("countersign")
    vault.kv.write("mail", {"password": PLANTED})
    return vault


@pytest.fixture
def server(vault: Vault, tmp_path: Path) -> Iterator[ApiServer]:
    role_id, secret_id = vault.approle.add(ttl_s=2)
    with serving(vault) as address:
        settings = {
            "VAULT__ADDRESS": address,
            "VAULT__ROLE_ID": role_id,
            "VAULT__SECRET_ID": secret_id,
            "VAULT__CHECK_S": "0.2",
            "KEYS__MASTER": "transit",
            "SMTP__USER": "mailer",
            "SMTP__PASSWORD": "vault:secret/mail#password",
            "LOGGING__LEVEL": "debug",
        }
        named = {f"COUNTERSIGN_{name}": text for name, text in settings.items()}
        with api_server(tmp_path, **named) as server:
            yield server


def workers(folder: Path) -> list[int]:
    """Every worker there ever was, in the order of their starts."""
    log = (folder / "serve.log").read_text("utf-8")
    return [int(number) for number in re.findall(r"Booting worker with pid: (\d+)", log)]


def said(folder: Path, words: str) -> bool:
    return words in (folder / "serve.log").read_text("utf-8")


def state_of(server: ApiServer) -> str:
    answer = requests.get(f"{server.url}/readyz", timeout=10).json()
    return "".join(each["state"] for each in answer["components"] if each["name"] == "vault")


def test_a_server_keeps_its_tokens_and_survives_a_sealed_vault(
    vault: Vault, server: ApiServer, tmp_path: Path
) -> None:
    wait_until(
        lambda: len(vault.tokens.held) == 2
    )  # one for each of two workers; those of the start are gone
    wait_until(lambda: vault.paths().count("auth/token/renew-self") >= 4)
    assert len(vault.tokens.held) == 2
    assert state_of(server) == "ok"

    vault.switches.sealed = True
    wait_until(lambda: state_of(server) == "sealed")
    with requests.Session() as session:
        server.sign_in(session)  # opens personal values, with the master key that is held
        figures = session.get(f"{server.url}/metrics", timeout=10).text
    assert re.search(r"^countersign_vault_up 0\.0$", figures, re.MULTILINE)
    assert re.search(r'^countersign_vault_left_seconds\{held="token"\} ', figures, re.MULTILINE)

    os.kill(psutil.Process(workers(tmp_path)[0]).ppid(), signal.SIGHUP)
    os.kill(workers(tmp_path)[0], signal.SIGKILL)
    wait_until(lambda: said(tmp_path, "this worker cannot start, another one is tried"))
    assert said(tmp_path, "nothing is reloaded, since nothing could start anew")
    assert state_of(server) == "sealed", "the other worker serves"

    vault.switches.sealed = False
    wait_until(lambda: state_of(server) == "ok")
    wait_until(lambda: len(vault.tokens.held) == 2)
    log = (tmp_path / "serve.log").read_text("utf-8")
    assert "this process goes on with what it holds" in log
    issued = {call.token for call in vault.calls} - {""}
    secret_ids = {secret for role in vault.approle.roles.values() for secret in role.uses_left}
    for secret in {PLANTED, *issued, *secret_ids}:
        assert secret not in log
