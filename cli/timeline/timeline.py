"""`countersign timeline`: the history of one report, read from the log itself."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from countersign.aggregates.report.report import Report
from countersign.cli.foundation import Foundation, foundation
from countersign.cli.invocation import Invocation, Subcommand
from countersign.cli.listing import show_rows
from countersign.cli.refusal import refuse
from countersign.cli.screen import say, show_json
from countersign.cli.tables import require_log
from countersign.cli.timeline.trail import NoSuchReport, Trail
from countersign.cli.timeline.who import Names
from countersign.cli.timeline.words import words
from countersign.eventstore.event_decoder import UnreadableEvent
from countersign.eventstore.mapper import Happened
from countersign.eventstore.topics import UnknownTopic


@dataclass(frozen=True, slots=True)
class History:
    """A report as it was at its last event, and all that happened up to then."""

    report: Report
    happened: Sequence[Happened]


def run(invocation: Invocation) -> int:
    """Tell it."""
    given = invocation.arguments
    with foundation(invocation.settings) as base:
        require_log(base.databases)
        try:
            history = _history(base, given.report, given.as_of_version)
        except NoSuchReport as unknown:
            return refuse(str(unknown))
        except (UnreadableEvent, UnknownTopic) as unreadable:
            return refuse(f"This version of the program cannot read an event of the log: {unreadable}")
        names = Names(base.log, base.store.mapper.happened)
        entries = [_entry(happened, names) for happened in history.happened]
    if given.json:
        show_json({"report": _facts(history.report), "timeline": entries})
    else:
        _show(history.report, entries)
    return 0


def _history(base: Foundation, name: str, as_of_version: int | None) -> History:
    trail = Trail(base.log, base.store.mapper.happened, base.databases.read)
    own = trail.report_events(trail.report_id(name), as_of_version)
    report: Any = None
    for happened in own:
        report = happened.event.mutate(report)
    others = trail.companions(own)
    if as_of_version is not None:
        others = (happened for happened in others if happened.position <= own[-1].position)
    return History(report, sorted((*own, *others), key=lambda happened: happened.position))


def _facts(report: Report) -> dict[str, Any]:
    return {
        "id": report.id,
        "document_number": report.document_number,
        "title": report.title,
        "revision": report.revision,
        "status": report.status,
        "version": report.version,
        "content_digest": report.content_digest or None,
    }


def _entry(happened: Happened, names: Names) -> dict[str, Any]:
    metadata, event = happened.metadata, happened.event
    return {
        "position": happened.position,
        "recorded_at": happened.recorded_at,
        "decided_at": event.timestamp,
        "actor": metadata.actor,
        "who": names.of(metadata.actor),
        "on_behalf_of": metadata.on_behalf_of and names.of(metadata.on_behalf_of),
        "topic": happened.topic,
        "what": words(event, names.of),
        "stream": happened.stream,
        "version": happened.version,
        "content_digest": getattr(event, "content_digest", None),
        "command": metadata.command,
        "correlation": metadata.correlation,
    }


def _show(report: Report, entries: Sequence[dict[str, Any]]) -> None:
    status = report.status.spoken
    say(f"{report.document_number}  {report.title}")
    say(f"Revision {report.revision}, {status}, version {report.version} ({report.id})\n")
    rows = [
        {
            "time_(UTC)": entry["recorded_at"],
            "position": entry["position"],
            "who": _who(entry),
            "what": entry["what"],
        }
        for entry in entries
    ]
    show_rows(("time_(UTC)", "position", "who", "what"), rows)


def _who(entry: dict[str, Any]) -> str:
    return f"{entry['who']} for {entry['on_behalf_of']}" if entry["on_behalf_of"] else entry["who"]


def _version(text: str) -> int:
    version = int(text)
    if version < 1:
        raise argparse.ArgumentTypeError("versions begin at 1")
    return version


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("report", metavar="REPORT", help="its document number, or its id")
    parser.add_argument("--json", action="store_true", help="print one JSON document, for scripts")
    parser.add_argument(
        "--as-of-version", type=_version, metavar="N", help="only what was known when it had this version"
    )


SUBCOMMAND = Subcommand(
    name="timeline",
    summary="the history of one report, from the log itself",
    description="Tell everything that happened to a report, its documents and its mails: when, by whom and "
    "what, with each signature's meaning and digest. It is replayed from the log, so it works while the "
    "server is down and when every read table is gone.",
    run=run,
    add_arguments=_add_arguments,
)
