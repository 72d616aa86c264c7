"""A report on how the service itself went: of a day, a week or a month, made once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

from countersign.aggregates.root import Root, derived_id


class Period(StrEnum):
    """How long a time a report is about."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


@dataclass(frozen=True, slots=True)
class ReportFile:
    """One form of the report, kept under its SHA-256."""

    format: str
    digest: str
    size_bytes: int


def operations_report_id(period: Period, begins: datetime) -> UUID:
    """The report of that period: two who make it make the same one."""
    return derived_id("operations_report", period, begins.astimezone(UTC).isoformat())


class OperationsReport(Root):
    """What was found from `begins` until before `ends`, as files."""

    TOPIC = "operations_report"
    period: Period
    begins: datetime
    ends: datetime
    files: tuple[ReportFile, ...]

    class Created(Root.Created):
        TOPIC = "operations_report.made"
        period: Period
        begins: datetime
        ends: datetime
        files: tuple[ReportFile, ...]

    @classmethod
    def made(
        cls, at: datetime, period: Period, begins: datetime, ends: datetime, files: tuple[ReportFile, ...]
    ) -> Self:
        """Note that it is there."""
        return cls._create(
            cls.Created,
            id=operations_report_id(period, begins),
            timestamp=at,
            period=period,
            begins=begins.astimezone(UTC),
            ends=ends.astimezone(UTC),
            files=files,
        )

    def file(self, format: str) -> ReportFile | None:
        """The report in that form, or None."""
        return next((each for each in self.files if each.format == format), None)
