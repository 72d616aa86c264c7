"""Who may be spoken to is a list: which files open connections, each to the address of a setting."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from countersign.config.schema import schema_of_settings

OPENS_CONNECTIONS: Final = re.compile(
    r"(socket|requests|urllib3|httpx|aiohttp|smtplib|ftplib|imaplib|poplib|telnetlib|xmlrpc|paramiko|redis|"
    r"psycopg2?|hvac|boto3|websockets?|http\.client|urllib\.request|asyncio)(\..+)?"
)
THIS_MACHINE: Final = ""
ENDPOINTS: Final = "webhooks.allowed_networks"  # and the open network: an administrator names them
MAY_CONNECT: Final = {
    "cli/doctor/neighbours.py": "smtp.host",  # and redis.url, vault.address
    "cli/long_running.py": THIS_MACHINE,
    "cli/status/status.py": "http.host",
    "cli/unreadable_requests.py": THIS_MACHINE,  # the connection that gunicorn has taken
    "config/vault/connection.py": "vault.address",
    "eventstore/backup/s3_target.py": "backup.s3_endpoint",
    "eventstore/notify_wakeups.py": "database.listen_url",
    "eventstore/postgres_append.py": "database.url",
    "eventstore/postgres_connections.py": "database.url",
    "eventstore/redis_wakeups.py": "redis.url",
    "eventstore/socket_wakeups.py": THIS_MACHINE,
    "http/rate_limits/counters.py": "redis.url",
    "http/session_cache/redis.py": "redis.url",
    "workers/health/host.py": THIS_MACHINE,
    "workers/health/probes.py": "redis.url",
    "workers/mail/connections.py": "smtp.host",
    "workers/mail/smtp.py": "smtp.host",
    "workers/webhooks/address.py": ENDPOINTS,
    "workers/webhooks/post.py": ENDPOINTS,
}
"""`cli/demo/`, which production refuses, speaks to the processes that it starts."""


def modules_of(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (name.name for name in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module:
        yield node.module
        yield from (f"{node.module}.{name.name}" for name in node.names)


def opens_connections(source: str) -> bool:
    nodes = ast.walk(ast.parse(source))
    return any(OPENS_CONNECTIONS.fullmatch(module) for node in nodes for module in modules_of(node))


@pytest.mark.parametrize(
    "source",
    ["import socket", "from urllib.request import urlopen", "from http import client", "import requests.api"],
)
def test_what_opens_connections_is_found(source: str) -> None:
    assert opens_connections(source)


def test_nothing_else_opens_connections(room_files: list[Path], root: Path) -> None:
    found = {
        str(path)
        for path in room_files
        if path.suffix == ".py" and opens_connections((root / path).read_text(encoding="utf-8"))
    }

    assert {path for path in found if not path.startswith("cli/demo/")} == MAY_CONNECT.keys()


def test_each_of_them_takes_its_address_from_the_settings() -> None:
    known = {".".join(keys) for keys in schema_of_settings().leaves}

    assert {path for path in MAY_CONNECT.values() if path is not THIS_MACHINE} <= known


def test_the_proxies_pass_on_to_the_service_and_to_nobody_else(root: Path) -> None:
    haproxy = directives(root / "deploy" / "haproxy.cfg")
    nginx = directives(root / "deploy" / "nginx.conf")

    assert [line.split()[2] for line in haproxy if line.startswith("server ")] == ["127.0.0.1:8443"]
    assert [line for line in haproxy if "backend " in line] == ["default_backend api", "backend api"]
    assert not any(re.search(r"\b(resolvers|set-dst|lua\S*|do-resolve|program)\b", line) for line in haproxy)
    assert [line for line in nginx if line.startswith("upstream ")] == ["upstream countersign_api {"]
    assert [line for line in nginx if re.match(r"server \d", line)] == [
        "server 127.0.0.1:8443 max_fails=3 fail_timeout=5s;"
    ]
    assert [line for line in nginx if re.match(r"\w+_pass ", line)] == ["proxy_pass https://countersign_api;"]
    assert not any(re.match(r"(root|alias|autoindex|resolver|include|mirror)\b", line) for line in nginx)


def directives(path: Path) -> list[str]:
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line and not line.startswith("#")]
