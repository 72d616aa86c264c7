"""What lies under a running API is changed: keys that sign tokens and wrap keys, the cache of sessions."""

from __future__ import annotations

import json
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import jwt
import pytest
import requests

from tests.e2e.api_server import PASSWORD, ApiServer, api_server

READERS = 4
QUICK = {
    "COUNTERSIGN_TOKENS__SIGNING_KEYS_REREAD_S": "0.5",
    "COUNTERSIGN_TOKENS__SIGNING_KEY_LEAD_S": "2",
    "COUNTERSIGN_SESSIONS__CACHE": "files",
}


@pytest.fixture(scope="module")
def folder(folders: Callable[[], Path]) -> Path:
    folder = folders()
    folder.mkdir()
    return folder


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[ApiServer]:
    with api_server(folder, **QUICK) as server:
        yield server


def test_a_session_outlives_its_cache_and_ends_in_both_workers_at_once(
    server: ApiServer, folder: Path
) -> None:
    with requests.Session() as session:
        token = server.sign_in(session)["access_token"]
    assert [_status(server, token) for _ in range(6)] == [200] * 6
    shutil.rmtree(folder / "cache")
    assert [_status(server, token) for _ in range(6)] == [200] * 6

    headers = {"Authorization": f"Bearer {token}"}
    requests.post(f"{server.url}/v1/auth/logout", headers=headers, timeout=30).raise_for_status()

    assert [_status(server, token) for _ in range(12)] == [401] * 12


def test_a_rotation_under_load_fails_no_request(server: ApiServer, folder: Path) -> None:
    with ThreadPoolExecutor(READERS) as pool:
        (old,) = _published(server)
        stop = Event()
        readers = [pool.submit(_read_on, server, stop) for _ in range(READERS)]
        time.sleep(1)

        new = json.loads(server.command("keys", "rotate", "--json"))["id"]
        time.sleep(4)
        stop.set()
        seen = sum((reader.result() for reader in readers), Counter[tuple[str, int]]())

        assert {status for _, status in seen} == {200}, seen
        assert {key for key, _ in seen} == {old, new}
        assert min(seen.values()) > 20
        assert _published(server) == {old, new}
        _require_that_retiring_it_ends_its_tokens(server, folder, old)
        assert _published(server) == {new}


def test_the_master_key_is_exchanged_under_two_workers_that_go_on(server: ApiServer, folder: Path) -> None:
    with requests.Session() as session:
        token = server.sign_in(session)["access_token"]
    assert _register(server, token, "Kim Vega") == 201
    before = (folder / "keys" / "master.key").read_bytes()
    server.command("keys", "rotate-master", "--prepare")
    assert _register(server, token, "Lee Arnold") == 201

    server.command("keys", "rotate-master")

    assert [_register(server, token, name) for name in ("Mio Berg", "Noa Dahl", "Ola Ek")] == [201] * 3
    assert before not in (folder / "keys" / "master.key").read_bytes()
    for name in ("Kim Vega", "Lee Arnold", "Mio Berg", "Noa Dahl", "Ola Ek"):
        with requests.Session() as session:
            assert [_name_after_sign_in(server, session, name) for _ in range(2)] == [name] * 2


def _register(server: ApiServer, token: str, name: str) -> int:
    form = {"name": name, "email": _address(name), "password": PASSWORD, "role": "engineer"}
    headers = {"Authorization": f"Bearer {token}", "Connection": "close"}
    return requests.post(f"{server.url}/v1/accounts", json=form, headers=headers, timeout=30).status_code


def _name_after_sign_in(server: ApiServer, session: requests.Session, name: str) -> str:
    given = {"email": _address(name), "password": PASSWORD}
    tokens = session.post(
        f"{server.url}/v1/auth/login", json=given, headers={"Connection": "close"}, timeout=30
    ).json()
    headers = {"Authorization": f"Bearer {tokens['access_token']}", "Connection": "close"}
    return str(session.get(f"{server.url}/v1/me", headers=headers, timeout=30).json()["name"])


def _address(name: str) -> str:
    return f"{name.partition(' ')[0].lower()}@example.com"


def _read_on(server: ApiServer, stop: Event) -> Counter[tuple[str, int]]:
    """Ask and refresh until told to stop: how often which key's token was answered how."""
    seen: Counter[tuple[str, int]] = Counter()
    with requests.Session() as session:
        tokens = server.sign_in(session)
        while not stop.is_set():
            key = jwt.get_unverified_header(tokens["access_token"])["kid"]
            for _ in range(3):
                # No connection is kept, so that both workers are asked.
                headers = {"Authorization": f"Bearer {tokens['access_token']}", "Connection": "close"}
                answer = session.get(f"{server.url}/v1/me", headers=headers, timeout=30)
                seen[key, answer.status_code] += 1
            body = {"refresh_token": tokens["refresh_token"]}
            answer = session.post(
                f"{server.url}/v1/auth/refresh", json=body, headers={"Connection": "close"}, timeout=30
            )
            if answer.status_code != 200:
                seen["refresh", answer.status_code] += 1
                break
            tokens = answer.json()
    return seen


def _require_that_retiring_it_ends_its_tokens(server: ApiServer, folder: Path, old: str) -> None:
    forged = _forged_with(folder / "keys" / "token-signing.pem", server, old)
    assert _status(server, forged) == 200
    server.command("keys", "retire", old, "--now")
    time.sleep(1.5)
    assert [_status(server, forged) for _ in range(6)] == [401] * 6


def _forged_with(key_file: Path, server: ApiServer, key_id: str) -> str:
    """What a thief of the key would make of a good token."""
    with requests.Session() as session:
        token = server.sign_in(session)["access_token"]
    claims = jwt.decode(token, options={"verify_signature": False})
    headers = {"kid": key_id, "typ": "at+jwt"}
    return jwt.encode(claims, key_file.read_text(encoding="ascii"), "EdDSA", headers=headers)


def _status(server: ApiServer, token: str) -> int:
    headers = {"Authorization": f"Bearer {token}"}
    return requests.get(f"{server.url}/v1/me", headers=headers, timeout=30).status_code


def _published(server: ApiServer) -> set[str]:
    answer = requests.get(f"{server.url}/.well-known/jwks.json", timeout=30)
    assert answer.headers["Cache-Control"] == "public, max-age=1"
    for key in answer.json()["keys"]:
        assert (key["kty"], key["crv"], key["alg"], key["use"]) == ("OKP", "Ed25519", "EdDSA", "sig")
        assert set(key) == {"kty", "crv", "alg", "use", "kid", "x"}
    return {key["kid"] for key in answer.json()["keys"]}
