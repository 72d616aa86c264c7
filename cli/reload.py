"""Taking up other settings while the service runs, where that is safe, and saying so in the log of events."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import uuid4

from countersign.cli.foundation import foundation
from countersign.cli.log_ids import configure_log
from countersign.commands.configuration.record_rejection import RecordRejection
from countersign.commands.configuration.record_reload import RecordReload
from countersign.config.layers import load_settings
from countersign.config.mistakes import ConfigurationInvalid
from countersign.config.production import require_fit
from countersign.config.reloading import digest_of, reloaded
from countersign.config.settings import Settings
from countersign.eventstore.context import SYSTEM, Context
from countersign.eventstore.receipt import Receipt

logger = logging.getLogger(__name__)

Dispatch = Callable[[object, Context], Receipt]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a reload went: the event that tells it, and the settings that came into force by it."""

    event: RecordReload | RecordRejection
    changed: tuple[str, ...] = ()

    @property
    def accepted(self) -> bool:
        """Whether the settings were valid."""
        return isinstance(self.event, RecordReload)


@dataclass(slots=True)
class InForce:
    """The settings that a process runs under; `read` reads all sources again, `source` names the process."""

    settings: Settings
    read: Callable[[], Settings]
    source: str

    def reload(self) -> Outcome:
        """Take up what may change while the process runs; a mistake anywhere keeps all as it is."""
        try:
            taken = reloaded(self.settings, self.read())
        except ConfigurationInvalid as invalid:
            logger.error("the configuration is not valid, all stays as it was:\n%s", invalid)
            places = tuple(f"{error.source}: {error.path}" for error in invalid.errors)
            return Outcome(RecordRejection(source=self.source, errors=places))
        self.settings = taken.settings
        configure_log(self.settings)
        logger.info("configuration reloaded", extra={"changed": taken.changed})
        for path in taken.restart_needed:
            logger.warning("%s has changed: restart needed", path, extra={"setting": path})
        event = RecordReload(
            source=self.source,
            digest=digest_of(self.settings),
            changed=taken.changed,
            restart_needed=taken.restart_needed,
        )
        return Outcome(event, taken.changed)


@dataclass(slots=True)
class Server:
    """What gunicorn's master hands on to its workers by the fork: None in any other process."""

    in_force: InForce | None = field(default=None)


SERVER = Server()


def take_server_settings() -> Settings:
    """Read the settings of the API server, once, in gunicorn's master.

    Raises:
        ConfigurationInvalid: with every mistake, and every reason not to start in production.
    """
    settings = _read()
    require_fit(settings)
    SERVER.in_force = InForce(settings, _read, "serve")
    return settings


def server_settings() -> Settings:
    """The settings of this worker: those that the master holds, so that all workers have the same."""
    return SERVER.in_force.settings if SERVER.in_force is not None else take_server_settings()


def reload_configuration() -> bool:
    """Answer SIGHUP in gunicorn's master: whether new workers should take over, under what was read.

    The event is written by a child, since a connection of the master would be shared by all its workers.
    """
    if SERVER.in_force is None:
        take_server_settings()
        return True
    outcome = SERVER.in_force.reload()
    _in_child(SERVER.in_force.settings, outcome)
    return outcome.accepted


def record(dispatch: Dispatch, outcome: Outcome) -> None:
    """Note in the log of events how a reload went."""
    key = str(uuid4())
    dispatch(outcome.event, Context(actor=SYSTEM, command_key=key, correlation=key, fresh_key=True))


def _read() -> Settings:
    return load_settings(os.environ)


def _in_child(settings: Settings, outcome: Outcome) -> None:
    if os.fork():
        return  # gunicorn reaps it with its workers
    try:
        with foundation(settings) as base:
            record(base.dispatcher.dispatch, outcome)
    except Exception:
        logger.exception("the reload could not be noted in the log of events")
    finally:
        os._exit(0)
