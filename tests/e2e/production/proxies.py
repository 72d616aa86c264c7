"""HAProxy and nginx with the files of deploy/, in front of a machine; clients' certificates are asked for."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.e2e.production.machine import Machine
from tests.ports import free_port

PATHS = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"))
NGINX = """
daemon off;
user {user};
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
events {{ }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/countersign.conf;
}}
"""


def program(name: str) -> str | None:
    """Where it is installed, also for users who do not administer."""
    return shutil.which(name, path=PATHS)


PROXIES = [
    pytest.param(
        name,
        marks=pytest.mark.skipif(program(name) is None, reason=f"{name.upper()} IS NOT INSTALLED: not tried"),
    )
    for name in ("haproxy", "nginx")
]


@contextmanager
def proxy(name: str, machine: Machine) -> Iterator[int]:
    """The port of the proxy, once the API is to be had through it."""
    port = free_port()
    command = _haproxy(machine, port) if name == "haproxy" else _nginx(machine, port)
    with machine.process(*command) as running:
        machine.wait_until_ready(port, running)
        yield port


def _haproxy(machine: Machine, port: int) -> tuple[str, ...]:
    path = machine.folder / "haproxy.cfg"
    adapted = {
        "    log /dev/log local0\n": "",
        "    user haproxy\n    group haproxy\n": "",
        "bind :443 ": f"bind 127.0.0.1:{port} ",
        "alpn h2,http/1.1\n": "alpn h2,http/1.1 verify optional ca-file /etc/countersign/clients.pem\n",
        "# http-request set-header X-Client": "http-request set-header X-Client",
        "127.0.0.1:8443": f"127.0.0.1:{machine.api_port}",
    }
    path.write_text(machine.adapted("haproxy.cfg", adapted), encoding="utf-8")
    return (str(program("haproxy")), "-db", "-f", str(path))


def _nginx(machine: Machine, port: int) -> tuple[str, ...]:
    path, folder = machine.folder / "countersign.conf", machine.folder
    adapted = {
        "listen 443 ": f"listen 127.0.0.1:{port} ",
        "127.0.0.1:8443": f"127.0.0.1:{machine.api_port}",
        "# ssl_client_certificate": "ssl_client_certificate",
        "# ssl_verify": "ssl_verify",
        'X-Client-Certificate ""': "X-Client-Certificate $ssl_client_escaped_cert",
    }
    path.write_text(machine.adapted("nginx.conf", adapted), encoding="utf-8")
    user = "root" if os.geteuid() == 0 else "nobody"  # its workers have to come into this folder
    main = folder / "nginx.conf"
    main.write_text(NGINX.format(folder=folder, user=user), encoding="utf-8")
    return (str(program("nginx")), "-p", str(folder), "-c", str(main), "-e", str(folder / "nginx.log"))
