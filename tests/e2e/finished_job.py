"""What a finished job has left behind: its events, read tables, mails and documents."""

from __future__ import annotations

import email
import email.policy
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select

from countersign.aggregates.email_message import EmailMessage as Mail
from countersign.cli.demo.environment import environment
from countersign.cli.demo.people import address
from countersign.cli.demo.run_file import Folder, Run, load_run
from countersign.cli.foundation import Foundation, foundation
from countersign.config.layers import load_settings
from countersign.eventstore.mapper import Happened
from countersign.projections.catalogue import PROJECTIONS
from countersign.projections.projection import view_of
from countersign.workers.effects_table import effects

Row = Mapping[str, Any]


@dataclass(frozen=True)
class FinishedJob:
    """An installation after its demo; its processes need not run."""

    folder: Folder

    @property
    def run(self) -> Run:
        return load_run(self.folder.run_file)

    @property
    def variables(self) -> Mapping[str, str]:
        return environment(self.run, self.folder, 1)

    @property
    def document(self) -> Path:
        (document,) = self.folder.documents.glob("*.docx")
        return document

    @property
    def mails(self) -> Sequence[EmailMessage]:
        return [_parsed(path) for path in sorted(self.folder.mail.glob("*.eml"))]

    @property
    def report_id(self) -> UUID:
        return UUID(self.answers["report"]["body"]["id"])

    @property
    def answers(self) -> Mapping[str, Any]:
        """What the service has acknowledged, by step."""
        lines = map(json.loads, self.folder.journal.read_text(encoding="utf-8").splitlines())
        return {line["step"]: line["answer"] for line in lines if "answer" in line}

    def address(self, local: str) -> str:
        return address(self.run, local)

    @contextmanager
    def opened(self) -> Iterator[Foundation]:
        with foundation(load_settings(self.variables)) as base:
            yield base


def all_events(base: Foundation) -> Sequence[Happened]:
    return [base.store.mapper.happened(recorded) for recorded in base.log.read(0, 1_000_000)]


def all_mails(base: Foundation) -> Sequence[Mail]:
    queued = [each.stream for each in all_events(base) if isinstance(each.event, Mail.Created)]
    return [mail for stream in queued if (mail := base.store.aggregates.find(Mail, stream))]


def topics_of(events: Sequence[Happened], stream: UUID) -> Sequence[str]:
    return [each.topic for each in events if each.stream == stream]


def read_tables(base: Foundation) -> Mapping[str, Counter[str]]:
    """The rows of every read table, without regard to their order."""
    with base.databases.read.read() as connection:
        return {
            table.name: Counter(repr(tuple(row)) for row in connection.execute(select(view_of(table))))
            for projection in PROJECTIONS
            for table in projection.tables
        }


def written_effects(base: Foundation) -> Sequence[Row]:
    with base.databases.read.read() as connection:
        return [dict(row) for row in connection.execute(select(effects).order_by(effects.c.id)).mappings()]


def _parsed(path: Path) -> EmailMessage:
    return email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
