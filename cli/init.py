"""`countersign init`: makes keys, tables, report types, the template and the first administrator."""

from __future__ import annotations

import argparse
import getpass
import secrets
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import yaml

from countersign.aggregates.root import DomainError
from countersign.aggregates.roster import ROSTER_ID, Roster
from countersign.cli.foundation import Foundation, foundation, open_databases
from countersign.cli.invocation import Invocation, Subcommand, UsageError
from countersign.cli.known_read_models import segments_of
from countersign.cli.screen import say
from countersign.cli.secret_notes import secrets_in_use
from countersign.cli.vault_custody import Lender, vault_custody, wrapping
from countersign.commands.account.bootstrap_administrator import BootstrapAdministrator
from countersign.commands.report_type.define_report_type import DefineReportType
from countersign.commands.template.install_template import InstallTemplate
from countersign.config.key_files import create_keys
from countersign.config.settings import Settings
from countersign.eventstore.context import SYSTEM, Context
from countersign.eventstore.databases import Databases
from countersign.eventstore.open_store import create_tables
from countersign.projections.building import schema as read_tables
from countersign.projections.catalogue import PROJECTIONS
from countersign.projections.people import api_usage
from countersign.projections.work import periodic_runs, periodic_times
from countersign.workers import schema as work_tables

_ROOMS = Path(__file__).parent.parent
CATALOGUE = _ROOMS / "aggregates" / "catalogue"
TEMPLATES = _ROOMS / "workers" / "templates"


def run(invocation: Invocation) -> int:
    """Set up what is not there; what is there stays as it is, so it can be run again after an upgrade."""
    settings, given = invocation.settings, invocation.arguments
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    with vault_custody(settings) as vault:
        _make_keys(settings, vault)
        _make_tables(settings, vault)
    with foundation(settings) as base:
        for command in (*_shipped(), *secrets_in_use(settings)):
            _give(base, command)
        _make_administrator(base, given)
    say(f"Ready in {settings.data_dir}. Next: countersign serve, countersign work, countersign schedule.")
    return 0


def _make_keys(settings: Settings, vault: Lender | None) -> None:
    if not settings.keys_dir.exists():
        create_keys(settings.keys_dir, wrapping(settings, vault))
        say(f"Keys made in {settings.keys_dir}: back them up apart from the data, useless without them.")


def _make_tables(settings: Settings, vault: Lender | None) -> None:
    databases = open_databases(settings, vault)
    try:
        make_tables(databases, settings)
    finally:
        databases.close()


def make_tables(databases: Databases, settings: Settings) -> None:
    """Make every table that a service of these settings needs, where it is not there."""
    create_tables(databases)
    read_tables.create(databases.read, PROJECTIONS, segments_of(settings))
    work_tables.create_tables(databases.read)
    api_usage.create_tables(databases.read)
    periodic_times.create_tables(databases.read)
    periodic_runs.create_tables(databases.read)


def _shipped() -> Iterator[Any]:
    for file in sorted(CATALOGUE.glob("*.yaml")):
        definition = yaml.safe_load(file.read_text(encoding="utf-8"))
        yield DefineReportType(definition=definition)
        template = TEMPLATES / definition["template"]
        yield InstallTemplate(
            slug=template.stem,
            name=definition["title"],
            report_type=definition["type"],
            content=template.read_bytes(),
        )


def _make_administrator(base: Foundation, given: argparse.Namespace) -> None:
    if base.store.aggregates.find(Roster, ROSTER_ID) is not None:
        return
    password, told = _password(given)
    command = BootstrapAdministrator(
        account_id=uuid4(), name=given.admin_name, email=given.admin_email, password=password
    )
    try:
        _give(base, command)
    except DomainError as refusal:
        reasons = "; ".join(reason for _, reason in refusal.pointers) or refusal.detail
        raise UsageError(f"No administrator was made: {reasons}. Run it again.") from refusal
    say(f"First administrator: {given.admin_email}{told}")


def _password(given: argparse.Namespace) -> tuple[str, str]:
    if given.admin_password_stdin:
        return sys.stdin.readline().rstrip("\n"), ""
    if sys.stdin.isatty() and not given.generate_password:
        return _asked(), ""
    made = secrets.token_urlsafe(18)
    return made, f", password {made} (shown only now; change it after the first log-in)"


def _asked() -> str:
    password = getpass.getpass("Password of the first administrator (12 characters or more): ")
    if password != getpass.getpass("The same again: "):
        raise UsageError("The two passwords differ: nothing was made, run it again.")
    return password


def _give(base: Foundation, command: Any) -> None:
    context = Context(actor=SYSTEM, command_key=str(uuid4()), correlation="init", fresh_key=True)
    base.dispatcher.dispatch(command, context)


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--admin-email", default="admin@countersign.example", help="the first administrator's e-mail"
    )
    parser.add_argument("--admin-name", default="Administrator", help="the first administrator's name")
    parser.add_argument(
        "--admin-password-stdin", action="store_true", help="read the password from standard input"
    )
    parser.add_argument("--generate-password", action="store_true", help="make a password and show it once")


SUBCOMMAND = Subcommand(
    name="init",
    summary="make keys, tables, report types and the first administrator",
    description="Set up a data folder or a database. Safe to run again: it makes only what is not there.",
    run=run,
    add_arguments=_add_arguments,
)
