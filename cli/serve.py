"""`countersign serve`: the API under gunicorn."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping
from tempfile import mkdtemp
from typing import Final

from countersign.cli.invocation import Invocation, Subcommand
from countersign.config.settings import Settings

METRICS_FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
APPLICATION: Final = "countersign.cli.wsgi:application()"
HOOKS: Final = "python:countersign.cli.gunicorn_hooks"
SHORT_NAMES: Final = ("COUNTERSIGN_DATABASE_URL", "COUNTERSIGN_REDIS_URL")  # a setting may be named once


def run(invocation: Invocation) -> int:
    """Become gunicorn; what this process was told goes on in its environment."""
    told = inherited(invocation.settings)
    kept = {name: value for name, value in os.environ.items() if name not in SHORT_NAMES}
    environment = {**kept, **told, METRICS_FOLDER: mkdtemp(prefix="countersign-metrics-")}
    command = gunicorn_command(invocation.settings)
    os.execve(command[0], command, environment)  # noqa: S606 - there is no shell in it


def gunicorn_command(settings: Settings) -> list[str]:
    """The command line of the API server."""
    http = settings.http
    options = {
        "--bind": f"{http.host}:{http.port}",
        "--worker-class": "gthread",
        "--workers": http.workers,
        "--threads": http.threads,
        "--graceful-timeout": http.graceful_timeout_s,
        "--keep-alive": http.keepalive_s,
        "--config": HOOKS,
    }
    flags = [str(part) for option in options.items() for part in option]
    return [sys.executable, "-m", "gunicorn", *flags, "--no-control-socket", APPLICATION]


def inherited(settings: Settings) -> Mapping[str, str]:
    """The environment in which another process of this service comes to the same settings."""
    return {
        "COUNTERSIGN_ENV": settings.environment,
        "COUNTERSIGN_DATA_DIR": str(settings.data_dir),
        "COUNTERSIGN_DATABASE__URL": settings.database.url.reveal(),
        "COUNTERSIGN_REDIS__URL": settings.redis.url.reveal(),
        "COUNTERSIGN_HTTP__HOST": settings.http.host,
        "COUNTERSIGN_HTTP__PORT": str(settings.http.port),
        "COUNTERSIGN_HTTP__PUBLIC_URL": settings.http.public_url,
        "COUNTERSIGN_HTTP__WORKERS": str(settings.http.workers),
    }


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", help="the address to listen at (setting: http.host)")
    parser.add_argument("--port", type=int, help="the port to listen at (setting: http.port)")
    parser.add_argument("--workers", type=int, help="the number of server processes (setting: http.workers)")


def _overrides(given: argparse.Namespace) -> Mapping[str, object]:
    named = {"http.host": given.host, "http.port": given.port, "http.workers": given.workers}
    return {path: value for path, value in named.items() if value is not None}


SUBCOMMAND = Subcommand(
    name="serve",
    summary="answer the API (gunicorn)",
    description="Answer the API at http.host and http.port with gunicorn, until SIGTERM or Ctrl-C.",
    run=run,
    add_arguments=_add_arguments,
    overrides=_overrides,
)
