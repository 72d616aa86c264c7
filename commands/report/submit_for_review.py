"""The author signs a report and hands it to its approvers."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.report.report import Report
from countersign.aggregates.report.submission import Gates
from countersign.aggregates.roster import ROSTER_ID, Roster
from countersign.aggregates.template import Template, template_id
from countersign.commands.permit import permit
from countersign.commands.report.reading import contents_of, definition_of
from countersign.commands.report.signing import signer_of
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitForReview:
    report_id: UUID
    expected_version: int
    comment: str = ""


def submit_for_review(command: SubmitForReview, store: Store, window_s: int) -> Receipt:
    """Freeze the content under the author's signature and open the first stage.

    Raises:
        StaleVersion: the report has changed since it was read.
        ReauthenticationRequired: signing needs a fresh proof of identity, at most `window_s` seconds old.
        WrongStatus, NotReady: as the report says.
    """
    report = store.load(Report, command.report_id, expected_version=command.expected_version)
    permit(store, "SubmitForReview", own=[report.owner])
    signer = signer_of(store, window_s)
    report.submit_for_review(store.now, signer, _gates(report, store), command.comment)
    return store.save(report)


def _gates(report: Report, store: Store) -> Gates:
    definition = definition_of(report, store)
    template = store.guard_or_none(Template, template_id(definition.template_slug))
    return Gates(
        definition=definition,
        contents=contents_of(report, definition, store),
        roster=store.guard(Roster, ROSTER_ID),
        template=None if template is None else template.pinned,
    )
