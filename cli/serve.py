"""`countersign serve`: the API under gunicorn."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping
from tempfile import mkdtemp
from typing import Final

from countersign.cli.foundation import utc_now
from countersign.cli.invocation import Invocation, Subcommand, UsageError
from countersign.cli.served_certificate import certificate_files
from countersign.cli.vault_at_start import require_vault
from countersign.config.environ_layer import variables_of
from countersign.config.layers import COMMAND_LINE
from countersign.config.secret import Secret
from countersign.config.settings import Settings
from countersign.config.tls.certificate import CertificateRefused, check_time

METRICS_FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
APPLICATION: Final = "countersign.cli.wsgi:application()"
HOOKS: Final = "python:countersign.cli.gunicorn_hooks"
WORKER: Final = "countersign.cli.thread_worker.CountingWorker"


def run(invocation: Invocation) -> int:
    """Become gunicorn; what this process was told goes on in its environment.

    Raises:
        UsageError: the TLS certificate of the settings cannot be served.
        VaultTrouble: Vault does not give what the workers will ask it for.
    """
    _look_at_certificate(invocation.settings)
    require_vault(invocation.settings)
    told = inherited(invocation.settings, os.environ)
    environment = {**told, METRICS_FOLDER: mkdtemp(prefix="countersign-metrics-")}
    command = gunicorn_command(invocation.settings, invocation.arguments.listen_fd)
    os.execve(command[0], command, environment)  # noqa: S606 - there is no shell in it


def gunicorn_command(settings: Settings, listen_fd: int | None = None) -> list[str]:
    """The command line of the API server; it listens itself, or at a socket that it inherits."""
    http = settings.http
    options = {
        "--bind": f"{http.host}:{http.port}" if listen_fd is None else f"fd://{listen_fd}",
        "--worker-class": WORKER,
        "--workers": http.workers,
        "--threads": http.threads,
        "--graceful-timeout": http.graceful_timeout_s,
        "--keep-alive": http.keepalive_s,
        "--config": HOOKS,
    }
    if settings.tls.certificate:
        # That there is one makes gunicorn speak TLS; what is in it comes from the hook `ssl_context`.
        options["--certfile"] = str(certificate_files(settings).certificate)
    flags = [str(part) for option in options.items() for part in option]
    return [sys.executable, "-m", "gunicorn", *flags, "--no-control-socket", APPLICATION]


def inherited(settings: Settings, environ: Mapping[str, str]) -> Mapping[str, str]:
    """The environment in which another process comes to the same settings.

    What this one read from files and variables, the other reads there too: a secret that is only referred to
    stays out of it.
    """
    said = {path: value for path, value in settings.values() if settings.sources.get(path) == COMMAND_LINE}
    named = {path: variables_of(path) for path in said}
    replaced = {name for names in named.values() for name in names}
    kept = {name: value for name, value in environ.items() if name not in replaced}
    return kept | {named[path][0]: _text(value) for path, value in said.items()}


def _text(value: object) -> str:
    return value.reveal() if isinstance(value, Secret) else str(value)


def _look_at_certificate(settings: Settings) -> None:
    if not settings.tls.certificate:
        return
    try:
        files = certificate_files(settings)
        check_time(files.read(), utc_now())
        files.client_authorities()
    except CertificateRefused as refused:
        raise UsageError(f"The TLS certificate cannot be served: {refused}.") from refused


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", help="the address to listen at (setting: http.host)")
    parser.add_argument("--port", type=int, help="the port to listen at (setting: http.port)")
    parser.add_argument("--workers", type=int, help="the number of server processes (setting: http.workers)")
    parser.add_argument(
        "--listen-fd",
        type=int,
        metavar="N",
        help="listen at this inherited socket instead",
    )


def _overrides(given: argparse.Namespace) -> Mapping[str, object]:
    named = {"http.host": given.host, "http.port": given.port, "http.workers": given.workers}
    return {path: value for path, value in named.items() if value is not None}


SUBCOMMAND = Subcommand(
    name="serve",
    summary="answer the API (gunicorn)",
    description="Answer the API at http.host and http.port with gunicorn, until SIGTERM or Ctrl-C.",
    run=run,
    serves=True,
    add_arguments=_add_arguments,
    overrides=_overrides,
)
