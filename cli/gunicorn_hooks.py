"""What gunicorn calls as its processes come and go."""

from __future__ import annotations

import gc
import logging
import os
import re
import shutil
import ssl
from collections.abc import Callable
from importlib import import_module
from typing import Any, Final

from gunicorn.glogging import Logger
from prometheus_client import multiprocess

from countersign.cli.log_ids import configure_log
from countersign.cli.long_running import take_short_turns
from countersign.cli.relief import Relief
from countersign.cli.reload import server_settings, take_server_settings
from countersign.cli.reload_guard import guard_reload
from countersign.cli.serve import APPLICATION, METRICS_FOLDER
from countersign.cli.served_certificate import ServedCertificate
from countersign.cli.unreadable_requests import answer_with_problems

_BROKEN: Final = re.compile(r"(Invalid request from [^'\"]*)['\"].*", re.DOTALL)


class OneLog(Logger):
    """Lets gunicorn's lines go where all others go."""

    def setup(self, _cfg: Any) -> None:
        """Hand every line on to the root logger."""
        for logger in (self.error_log, self.access_log):
            logger.handlers.clear()
            logger.propagate = True
        self.error_log.setLevel(logging.INFO)

    def warning(self, msg: object, *args: object, **kwargs: Any) -> None:
        """Warn of a broken request without what it was made of: a credential may stand in the wrong place."""
        super().warning(_BROKEN.sub(r"\1...", str(msg)), *args, **kwargs)


logger_class = OneLog
# What a proxy says is read by the API itself, and from its trusted proxies alone.
forwarded_allow_ips = ""
secure_scheme_headers: dict[str, str] = {}
forwarder_headers = ""
# Taken before the fork, so that no worker has to open the key again.
_certificate: Final = ServedCertificate()
_relief: Final = Relief()


def on_starting(_server: Any) -> None:
    """Set the log lines of the master process, take the certificate, say how to refuse, and import it all."""
    settings = take_server_settings()
    configure_log(settings)
    _certificate.take(settings)
    answer_with_problems()
    # So that each worker has it by the fork: three quarters of its start were these imports.
    import_module(APPLICATION.partition(":")[0])
    # Collected and then left alone: a collector that marks what the workers share gives each its own copy.
    gc.collect()
    gc.freeze()


def when_ready(server: Any) -> None:
    """Let SIGHUP not end the service over a mistake in a file."""
    guard_reload(server, _relief)


def on_reload(_server: Any) -> None:
    """Take the certificate anew: its place or its password may be another now."""
    _certificate.take_again(server_settings())


def ssl_context(_conf: Any, _default: Callable[[], ssl.SSLContext]) -> ssl.SSLContext:
    """What one handshake is done with; gunicorn asks for each connection."""
    return _certificate.context()


def post_fork(_server: Any, _worker: Any) -> None:
    """Set how the threads of a worker share it."""
    take_short_turns()


def post_worker_init(worker: Any) -> None:
    """Say that a worker answers from now on."""
    _relief.answers(worker.age)


def child_exit(_server: Any, worker: Any) -> None:
    """Keep the counters of a worker that ended, and drop its gauges."""
    multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def on_exit(_server: Any) -> None:
    """Remove the folder of figures with the last process that used it."""
    shutil.rmtree(os.environ[METRICS_FOLDER], ignore_errors=True)
