"""Who may do what about reports and searches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from countersign.aggregates.authority.relation import (
    ADMINISTRATOR,
    ANY,
    ASSIGNED,
    AUDITOR,
    CONTROLLER,
    DECIDE,
    EDIT,
    ENGINEER,
    KEEP_SCHEDULES,
    OWN,
    PROJECT,
    READERS,
    TECHNICAL,
    Relation,
)
from countersign.aggregates.role import Role

ABOUT_REPORTS: Final[Mapping[str, Mapping[Role, Relation]]] = {
    "ViewReport": {
        AUDITOR: ANY,
        ENGINEER: OWN,
        TECHNICAL: ANY,
        PROJECT: ANY,
        CONTROLLER: ANY,
        ADMINISTRATOR: ANY,
    },
    "CreateReport": {ENGINEER: ANY, TECHNICAL: ANY, CONTROLLER: ANY, ADMINISTRATOR: ANY},
    "EditHeader": EDIT,
    "SaveSection": EDIT,
    "ImportRows": EDIT,
    "RecordTestResult": EDIT,
    "AssignApprover": {ENGINEER: OWN, TECHNICAL: OWN, CONTROLLER: ANY, ADMINISTRATOR: ANY},
    "SubmitForReview": EDIT,
    "WithdrawSubmission": EDIT,
    "ApproveStage": DECIDE,
    "RequestChanges": DECIDE,
    "ReassignStage": {TECHNICAL: ASSIGNED, PROJECT: ASSIGNED, CONTROLLER: ANY, ADMINISTRATOR: ANY},
    "IssueRevision": {PROJECT: ANY, CONTROLLER: ANY, ADMINISTRATOR: ANY},
    "DownloadUnissued": {ENGINEER: OWN, TECHNICAL: ANY, PROJECT: ANY, CONTROLLER: ANY, ADMINISTRATOR: ANY},
    "RequestRendering": {ENGINEER: OWN, TECHNICAL: ANY, PROJECT: ANY, CONTROLLER: ANY, ADMINISTRATOR: ANY},
    "ViewFigures": {
        AUDITOR: ANY,
        ENGINEER: OWN,
        TECHNICAL: ANY,
        PROJECT: ANY,
        CONTROLLER: ANY,
        ADMINISTRATOR: ANY,
    },
    "ExportReports": {ENGINEER: OWN, TECHNICAL: ANY, PROJECT: ANY, CONTROLLER: ANY, ADMINISTRATOR: ANY},
    "ViewRetention": dict.fromkeys((AUDITOR, CONTROLLER, ADMINISTRATOR), ANY),
    "ArchiveReport": dict.fromkeys((CONTROLLER, ADMINISTRATOR), ANY),
    "RestoreFromArchive": dict.fromkeys((CONTROLLER, ADMINISTRATOR), ANY),
    "PlaceLegalHold": dict.fromkeys((CONTROLLER, ADMINISTRATOR), ANY),
    "ReleaseLegalHold": dict.fromkeys((CONTROLLER, ADMINISTRATOR), ANY),
    "ProposeDisposition": {CONTROLLER: ANY},
    "DeclineDisposition": dict.fromkeys((CONTROLLER, ADMINISTRATOR), ANY),
    "ApproveDisposition": {ADMINISTRATOR: ANY},
    "PublishRetentionPolicy": {ADMINISTRATOR: ANY},
    "CreateSchedule": dict.fromkeys((ENGINEER, TECHNICAL, PROJECT, CONTROLLER, ADMINISTRATOR), ANY),
    "ViewSchedules": KEEP_SCHEDULES,
    "PauseSchedule": KEEP_SCHEDULES,
    "ResumeSchedule": KEEP_SCHEDULES,
    "RunSchedule": KEEP_SCHEDULES,
    "ChangeSchedule": KEEP_SCHEDULES,
    "DeleteSchedule": KEEP_SCHEDULES,
    "ViewSearches": dict.fromkeys(READERS, ANY),
    "SaveSearch": dict.fromkeys(READERS, ANY),
    "ShareSearch": dict.fromkeys((TECHNICAL, PROJECT, CONTROLLER, ADMINISTRATOR), OWN),
    "DeleteSearch": {**dict.fromkeys(READERS, OWN), ADMINISTRATOR: ANY},
}
