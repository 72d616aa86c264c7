"""`countersign doctor`: is everything there that the service needs, and if not, what to do."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from functools import partial
from typing import Final

from rich.text import Text

from countersign.cli.doctor import (
    database,
    encryption,
    installation,
    neighbours,
    optional_parts,
    search,
    vault,
)
from countersign.cli.doctor.finding import Check, Finding, Verdict, failed
from countersign.cli.invocation import Invocation, Subcommand
from countersign.cli.ledger import ledger
from countersign.cli.screen import console, say, show_json
from countersign.config.settings import Settings

_COLOURS: Final = {Verdict.OK: "green", Verdict.WARNING: "yellow", Verdict.FAILED: "bold red"}


def run(invocation: Invocation) -> int:
    """Look at everything; 1 when something has failed."""
    as_json = invocation.arguments.json
    findings: list[Finding] = []
    for finding in examination(invocation.settings):
        findings.append(finding)
        if not as_json:
            _show(finding)
    counts = Counter(finding.verdict for finding in findings)
    if as_json:
        healthy = not counts[Verdict.FAILED]
        show_json({"healthy": healthy, "findings": list(map(asdict, findings))})
    else:
        say(f"\n{', '.join(f'{counts[verdict]} {verdict}' for verdict in Verdict)}.")
    return 1 if counts[Verdict.FAILED] else 0


def examination(settings: Settings) -> Iterator[Finding]:
    """Every finding, as it is made."""
    yield from _examined("configuration", partial(installation.configuration, settings))
    yield from _examined("data folder", partial(installation.data_folder, settings))
    yield from _examined("keys", partial(installation.keys, settings))
    yield from _examined("vault", partial(vault.vault, settings))
    yield from _examined("database", partial(_databases, settings))
    yield from _examined("redis", partial(neighbours.redis, settings))
    yield from _examined("mail server", partial(neighbours.mail_server, settings))
    yield from _examined("port", partial(neighbours.port, settings))
    yield from _examined("tls", partial(encryption.certificate, settings))
    yield from _examined("links", partial(encryption.neighbours, settings))
    yield from _examined("libreoffice", partial(optional_parts.libreoffice, settings))
    yield from _examined("drivers", partial(optional_parts.drivers, settings))


def _databases(settings: Settings) -> Iterator[Finding]:
    with ledger(settings) as opened:
        checks: dict[str, Check] = {
            "privileges": partial(database.privileges, opened.databases),
            "tables": partial(database.tables, opened.databases),
            "read tables": partial(database.read_tables, opened),
            "master key": partial(installation.master_key, settings, opened),
            "wake-ups": partial(neighbours.wakeups, opened),
            "search": partial(search.search, opened.databases),
            "database link": partial(encryption.database, settings, opened.databases),
        }
        answers = True
        for finding in _examined("database", partial(database.server, opened.databases)):
            answers = answers and finding.verdict is not Verdict.FAILED
            yield finding
        for subject, check in checks.items():
            if answers:
                yield from _examined(subject, check)
            else:
                yield failed(subject, "could not be looked at: the database is not right", "See above.")


def _examined(subject: str, check: Check) -> Iterator[Finding]:
    try:
        yield from check()
    except Exception as trouble:  # noqa: BLE001 - it is told, and does not hide the other checks
        says = f"could not be looked at: {type(trouble).__name__}: {trouble}"
        yield failed(subject, says, "Mend what the message names; docs/runbook.md may help.")


def _show(finding: Finding) -> None:
    line = Text()
    line.append(f"{finding.verdict:8}", style=_COLOURS[finding.verdict])
    line.append(f"{finding.subject}: {' '.join(finding.says.split())}")
    console.print(line)
    if finding.remedy:
        console.print(Text(f"        {finding.remedy}"))


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON document, for scripts")


SUBCOMMAND = Subcommand(
    name="doctor",
    summary="is everything there that the service needs, and if not, what to do",
    description="Look at configuration, data folder, keys, database and privileges, tables, letters, "
    "wake-ups, Redis, mail server, port, TLS, and the optional parts; each line has its remedy. Nothing is "
    "changed or sent. Exit status 1 when something has failed; warnings leave it 0.",
    run=run,
    add_arguments=_add_arguments,
)
