"""Who may do what: every cell of the table, once as people say it and once as the code reads it."""

from __future__ import annotations

from itertools import product

import pytest

from countersign.aggregates.authority.relation import Relation
from countersign.aggregates.authority.system import BY_THE_SYSTEM
from countersign.aggregates.permissions import PERMISSIONS, permitted
from countersign.aggregates.role import Role

ROLES = (
    Role.AUDITOR,
    Role.ENGINEER,
    Role.TECHNICAL_MANAGER,
    Role.PROJECT_MANAGER,
    Role.DOCUMENT_CONTROLLER,
    Role.ADMINISTRATOR,
    Role.OPERATOR,
)
SAID = """
                    auditor engineer technical project controller administrator operator
RegisterAccount        -       -        -        -        -         any          -
ViewAccounts           -       -        -        -        -         any          -
ApproveAccount         -       -        -        -        -         any          -
RejectAccount          -       -        -        -        -         any          -
ChangeRole             -       -        -        -        -         any          -
DisableAccount         -       -        -        -        -         any          -
EnableAccount          -       -        -        -        -         any          -
CloseAccount          own     own      own      own      own        any         own
UpdateProfile         own     own      own      own      own        any         own
RequestEmailChange    own     own      own      own      own        own         own
ViewPreferences       any     any      any      any      any        any         any
SetPreferences        own     own      own      own      own        own         own
ChangePassword        own     own      own      own      own        own         own
Reauthenticate        own     own      own      own      own        own         own
RevokeSession         own     own      own      own      own        any         own
EndSessions           own     own      own      own      own        any         own
ViewSessions          own     own      own      own      own        any         own
BeginTotpEnrolment    own     own      own      own      own        own         own
ConfirmTotp           own     own      own      own      own        own         own
RegenerateBackupCodes own     own      own      own      own        own         own
DisableMfa            own     own      own      own      own        own         own
ResetSecondFactor      -       -        -        -        -         any          -
UnlockAccount          -       -        -        -        -         any          -
CreateApiClient        -       -       any      any       -         any          -
ViewApiClient          -       -       own      own       -         any          -
UpdateApiClient        -       -       own      own       -         any          -
RotateApiKey           -       -       own      own       -         any          -
SuspendApiClient       -       -       own      own       -         any          -
ResumeApiClient        -       -       own      own       -         any          -
RevokeApiClient        -       -       own      own       -         any          -
BindClientCertificate  -       -       own      own       -         any          -
UnbindClientCertificate - -            own      own       -         any          -
ViewReport            any     own      any      any      any        any          -
CreateReport           -      any      any       -       any        any          -
EditHeader             -      own      own       -        -         any          -
SaveSection            -      own      own       -        -         any          -
ImportRows             -      own      own       -        -         any          -
RecordTestResult       -      own      own       -        -         any          -
AssignApprover         -      own      own       -       any        any          -
SubmitForReview        -      own      own       -        -         any          -
WithdrawSubmission     -      own      own       -        -         any          -
ApproveStage           -       -     assigned assigned    -       assigned       -
RequestChanges         -       -     assigned assigned    -       assigned       -
ReassignStage          -       -     assigned assigned  any        any          -
IssueRevision          -       -        -       any      any        any          -
DownloadUnissued       -      own      any      any      any        any          -
RequestRendering       -      own      any      any      any        any          -
ViewFigures           any     own      any      any      any        any          -
ExportReports          -      own      any      any      any        any          -
ViewRetention          any  -  -  -  any  any  -
ArchiveReport          -  -  -  -  any  any  -
RestoreFromArchive     -  -  -  -  any  any  -
PlaceLegalHold         -  -  -  -  any  any  -
ReleaseLegalHold       -  -  -  -  any  any  -
ProposeDisposition     -  -  -  -  any  -  -
DeclineDisposition     -  -  -  -  any  any  -
ApproveDisposition     -  -  -  -  -  any  -
PublishRetentionPolicy -  -  -  -  -  any  -
CreateSchedule         -      any      any      any      any        any          -
ViewSchedules          -      own      own      own      own        any         any
PauseSchedule          -      own      own      own      own        any         any
ResumeSchedule         -      own      own      own      own        any         any
RunSchedule            -      own      own      own      own        any         any
ChangeSchedule         -      own      own      own      own        any         any
DeleteSchedule         -      own      own      own      own        any         any
ViewSearches          any     any      any      any      any        any          -
SaveSearch            any     any      any      any      any        any          -
ShareSearch            -       -       own      own      own        own          -
DeleteSearch          own     own      own      own      own        any          -
RetryRendering         -       -        -        -        -         any         any
CancelRendering        -       -        -        -        -         any         any
DiscardRendering       -       -        -        -        -         any         any
RetryMaintenance       -       -        -        -        -         any         any
CancelMaintenance      -       -        -        -        -         any         any
DiscardMaintenance     -       -        -        -        -         any         any
CancelEmail            -       -        -        -        -         any         any
ResolveEmail           -       -        -        -        -         any         any
OrderBroadcast         -       -        -        -        -         any          -
CancelBroadcast        -       -        -        -        -         any          -
ViewBroadcast          -       -        -        -        -         any          -
ViewSuppressions       -       -        -        -        -         any         any
LiftSuppression        -       -        -        -        -         any         any
ViewJobs               -       -        -        -        -         any         any
ViewMaintenance        -       -        -        -        -         any         any
ViewDatabase           -       -        -        -        -         any         any
ViewProjections        -       -        -        -        -         any         any
OrderRebuild           -       -        -        -        -         any         any
CancelRebuild          -       -        -        -        -         any         any
OrderPromotion         -       -        -        -        -         any         any
OrderRollback          -       -        -        -        -         any         any
OrderRetirement        -       -        -        -        -         any         any
PauseProjection        -       -        -        -        -         any         any
ResumeProjection       -       -        -        -        -         any         any
RetryLetters           -       -        -        -        -         any         any
ViewBackups            -       -        -        -        -         any         any
RequestRestore         -       -        -        -        -         any         any
ApproveRestore         -       -        -        -        -         any         any
RefuseRestore          -       -        -        -        -         any         any
ReleaseOutward         -       -        -        -        -         any         any
RunMaintenance         -       -        -        -        -         any         any
ViewPeriodicWork       -       -        -        -        -         any         any
ProposeDiscard         -       -        -        -        -         any         any
ApproveDiscard         -       -        -        -        -         any         any
ViewHealth             -       -        -        -        -         any         any
AcknowledgeIncident    -       -        -        -        -         any         any
ResolveIncident        -       -        -        -        -         any         any
ViewAudit             any      -        -        -       any        any          -
SetFeatureFlag         -       -        -        -        -         any          -
ViewFeatureFlags       -       -        -        -        -         any         any
ViewSecurityEvents    any      -        -        -        -         any         any
ViewNetworkBlocks      -       -        -        -        -         any          -
BlockNetwork           -       -        -        -        -         any          -
UnblockNetwork         -       -        -        -        -         any          -
ViewWebhooks           -       -        -        -        -         any         any
RegisterWebhook        -       -        -        -        -         any          -
ChangeWebhook          -       -        -        -        -         any          -
RotateWebhookSecret    -       -        -        -        -         any          -
PauseWebhook           -       -        -        -        -         any          -
ResumeWebhook          -       -        -        -        -         any          -
DeleteWebhook          -       -        -        -        -         any          -
TryWebhook             -       -        -        -        -         any          -
ReplayWebhook          -       -        -        -        -         any          -
ResendDelivery         -       -        -        -        -         any         any
CancelDelivery         -       -        -        -        -         any         any
"""
OF_THE_HOST = {
    "OrderRebuild",
    "CancelRebuild",
    "OrderPromotion",
    "OrderRollback",
    "OrderRetirement",
    "PauseProjection",
    "ResumeProjection",
    "RetryLetters",
    "AcknowledgeIncident",
    "RunMaintenance",
    "ReleaseOutward",
    "PauseSchedule",
    "ResumeSchedule",
    "RunSchedule",
    "ResolveIncident",
}
CELLS = {
    (line.split()[0], role): word
    for line in SAID.strip().splitlines()[1:]
    for role, word in zip(ROLES, line.split()[1:], strict=True)
}


def test_the_table_holds_the_actions_that_people_agreed_on() -> None:
    assert set(PERMISSIONS) == {action for action, _ in CELLS}


@pytest.mark.parametrize(("action", "role"), CELLS)
def test_each_cell_lets_in_exactly_who_it_says(action: str, role: Role) -> None:
    word = CELLS[action, role]
    for own, assigned in product((False, True), repeat=2):
        expected = {"-": False, "any": True, "own": own, "assigned": assigned}[word]
        assert permitted(role, action, own=own, assigned=assigned) is expected


@pytest.mark.parametrize("role", Role)
def test_what_is_not_in_the_table_is_refused_to_everybody(role: Role) -> None:
    assert not permitted(role, "DropEverything", own=True, assigned=True)


def test_nobody_signs_for_others() -> None:
    for action in ("ApproveStage", "RequestChanges"):
        assert set(PERMISSIONS[action].values()) == {Relation.ASSIGNED}


def test_the_system_never_edits_signs_or_issues() -> None:
    people_only = set(PERMISSIONS) - {"RequestRendering", *OF_THE_HOST}
    assert not BY_THE_SYSTEM & people_only


def test_who_runs_the_host_acts_for_one_person_only() -> None:
    assert OF_THE_HOST <= BY_THE_SYSTEM
    assert not BY_THE_SYSTEM & {"ProposeDiscard", "ApproveDiscard", "RequestRestore", "ApproveRestore"}
