"""Who decides on a stage, and who could."""

from __future__ import annotations

from uuid import UUID

from falcon import Request, Response

from countersign.aggregates.report.route import route_stage
from countersign.aggregates.roster import ROSTER_ID, Roster
from countersign.commands.report.assign_approver import AssignApprover
from countersign.http.answers import Answer
from countersign.http.bodies import Form
from countersign.http.endpoints import command, query
from countersign.http.preconditions import expected_version
from countersign.http.reports.definitions import definition_of
from countersign.http.reports.people import People
from countersign.http.reports.report_commands import ReportState, change_report
from countersign.http.reports.visibility import visible_report
from countersign.http.services import Services
from countersign.http.staleness import Item


class ApproverForm(Form):
    """The account of who is to decide."""

    approver: UUID


class CandidateAnswer(Item):
    """Somebody who could decide, by id; of a name that must not be known any more it says `(erased)`."""

    HANGS_ON = ("id",)
    id: UUID
    name: str | None


class CandidatesAnswer(Answer):
    """Who holds the role of the stage and did not prepare the report, by name."""

    items: list[CandidateAnswer]


class Approver:
    """`PUT /v1/reports/{report_id}/stages/{stage}/approver`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @command("Approval", if_match="report", refusals=(403, 409))
    def on_put(
        self, req: Request, resp: Response, report_id: UUID, stage: int, form: ApproverForm
    ) -> ReportState:
        """Ask somebody to decide on a stage of a draft."""
        wanted = AssignApprover(
            report_id=report_id, expected_version=expected_version(req), stage=stage, approver=form.approver
        )
        return change_report(self._services, req, resp, report_id, wanted)


class Candidates:
    """`GET /v1/reports/{report_id}/stages/{stage}/candidates`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @query("Approval", reads=("people",))
    def on_get(self, req: Request, _resp: Response, report_id: UUID, stage: int) -> CandidatesAnswer:
        """List who could be asked to decide on a stage."""
        services = self._services
        report = visible_report(services.aggregates, req.context.claims, report_id)
        role = route_stage(definition_of(report, services.aggregates), stage).role
        roster = services.aggregates.find(Roster, ROSTER_ID)
        holders = [] if roster is None else [each for each, held in roster.roles.items() if held is role]
        people = People(services.read, holders)
        known = [people.person(each) for each in holders if each not in report.preparers]
        eligible = [CandidateAnswer.model_validate(each) for each in known]
        return CandidatesAnswer(items=sorted(eligible, key=lambda person: person.name or ""))
