"""An approver sends a report back to its author."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast
from uuid import UUID

from countersign.aggregates.report.remarks import Item
from countersign.aggregates.report.report import Report
from countersign.aggregates.report.verdict import ChangeRequest
from countersign.aggregates.role import Role
from countersign.commands.permit import acting_account, permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestChanges:
    report_id: UUID
    expected_version: int
    stage: int
    reason: str
    items: tuple[Item, ...] = ()
    review_code: str = "C"


def request_changes(command: RequestChanges, store: Store) -> Receipt:
    """Open the content again; every signature under the revision falls.

    Raises:
        StaleVersion: the report has changed since it was read.
        SeparationOfDuties, NotYourStage, RoleLost, StageNotOpen, AlreadySigned, ReasonRequired,
            InvalidField: as the report says.
    """
    report = store.load(Report, command.report_id, expected_version=command.expected_version)
    permit(
        store, "RequestChanges", assigned=[store.context.actor]
    )  # whose turn it is, the report knows better
    request = ChangeRequest(command.reason, command.items, command.review_code)
    role = cast("Role", acting_account(store).role)  # permit lets nobody by who has none
    report.request_changes(store.now, store.context.actor, role, command.stage, request)
    return store.save(report)
