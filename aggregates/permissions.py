"""Who may do what: role by action, as data.

An action is the name of a command, or of a query that not everybody may ask; what is not here is refused.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Final

from countersign.aggregates.role import Role


class Relation(StrEnum):
    """How close a person must be to a thing in order to act on it."""

    OWN = "own"  # they own it
    ASSIGNED = "assigned"  # they were asked to decide on it
    ANY = "any"


_OWN, _ASSIGNED, _ANY = Relation.OWN, Relation.ASSIGNED, Relation.ANY
_E, _T, _P = Role.ENGINEER, Role.TECHNICAL_MANAGER, Role.PROJECT_MANAGER
_D, _V, _O, _A = Role.DOCUMENT_CONTROLLER, Role.AUDITOR, Role.OPERATOR, Role.ADMINISTRATOR

_EDIT: Final = {_E: _OWN, _T: _OWN, _A: _ANY}
_DECIDE: Final = {_T: _ASSIGNED, _P: _ASSIGNED, _A: _ASSIGNED}
_ADMINISTER: Final = {_A: _ANY}
_KEEP_CLIENTS: Final = {_T: _OWN, _P: _OWN, _A: _ANY}
_OPERATE: Final = {_O: _ANY, _A: _ANY}
_EVERYBODY_OWN: Final = dict.fromkeys(Role, _OWN)
_READERS: Final = (_V, _E, _T, _P, _D, _A)

PERMISSIONS: Final[Mapping[str, Mapping[Role, Relation]]] = {
    # people
    "RegisterAccount": _ADMINISTER,
    "ViewAccounts": _ADMINISTER,
    "ApproveAccount": _ADMINISTER,
    "RejectAccount": _ADMINISTER,
    "ChangeRole": _ADMINISTER,
    "DisableAccount": _ADMINISTER,
    "EnableAccount": _ADMINISTER,
    "CloseAccount": {**_EVERYBODY_OWN, _A: _ANY},
    "UpdateProfile": {**_EVERYBODY_OWN, _A: _ANY},
    "RequestEmailChange": _EVERYBODY_OWN,
    "ChangePassword": _EVERYBODY_OWN,
    "Reauthenticate": _EVERYBODY_OWN,
    "RevokeSession": {**_EVERYBODY_OWN, _A: _ANY},
    "EndSessions": {**_EVERYBODY_OWN, _A: _ANY},
    "ViewSessions": {**_EVERYBODY_OWN, _A: _ANY},
    "BeginTotpEnrolment": _EVERYBODY_OWN,
    "ConfirmTotp": _EVERYBODY_OWN,
    "RegenerateBackupCodes": _EVERYBODY_OWN,
    "DisableMfa": _EVERYBODY_OWN,
    "ResetSecondFactor": _ADMINISTER,
    "UnlockAccount": _ADMINISTER,
    # API clients
    "CreateApiClient": {_T: _ANY, _P: _ANY, _A: _ANY},
    "ViewApiClient": _KEEP_CLIENTS,
    "UpdateApiClient": _KEEP_CLIENTS,
    "RotateApiKey": _KEEP_CLIENTS,
    "SuspendApiClient": _KEEP_CLIENTS,
    "ResumeApiClient": _KEEP_CLIENTS,
    "RevokeApiClient": _KEEP_CLIENTS,
    "BindClientCertificate": _KEEP_CLIENTS,
    "UnbindClientCertificate": _KEEP_CLIENTS,
    # reports
    "ViewReport": {_V: _ANY, _E: _OWN, _T: _ANY, _P: _ANY, _D: _ANY, _A: _ANY},
    "CreateReport": {_E: _ANY, _T: _ANY, _D: _ANY, _A: _ANY},
    "EditHeader": _EDIT,
    "SaveSection": _EDIT,
    "ImportRows": _EDIT,
    "RecordTestResult": _EDIT,
    "AssignApprover": {_E: _OWN, _T: _OWN, _D: _ANY, _A: _ANY},
    "SubmitForReview": _EDIT,
    "WithdrawSubmission": _EDIT,
    "ApproveStage": _DECIDE,
    "RequestChanges": _DECIDE,
    "IssueRevision": {_P: _ANY, _D: _ANY, _A: _ANY},
    "DownloadUnissued": {_E: _OWN, _T: _ANY, _P: _ANY, _D: _ANY, _A: _ANY},
    "RequestRendering": {_E: _OWN, _T: _ANY, _P: _ANY, _D: _ANY, _A: _ANY},
    "ViewFigures": {_V: _ANY, _E: _OWN, _T: _ANY, _P: _ANY, _D: _ANY, _A: _ANY},
    "ExportReports": {_E: _OWN, _T: _ANY, _P: _ANY, _D: _ANY, _A: _ANY},
    # searches
    "ViewSearches": dict.fromkeys(_READERS, _ANY),
    "SaveSearch": dict.fromkeys(_READERS, _ANY),
    "ShareSearch": dict.fromkeys((_T, _P, _D, _A), _OWN),
    "DeleteSearch": {**dict.fromkeys(_READERS, _OWN), _A: _ANY},
    # the machine
    "RetryRendering": _OPERATE,
    "ResolveEmail": _OPERATE,
    "ViewJobs": _OPERATE,
    "ViewProjections": _OPERATE,
    "OrderRebuild": _OPERATE,
    "CancelRebuild": _OPERATE,
    "OrderPromotion": _OPERATE,
    "OrderRollback": _OPERATE,
    "OrderRetirement": _OPERATE,
    "PauseProjection": _OPERATE,
    "ResumeProjection": _OPERATE,
    "RetryLetters": _OPERATE,
    "ProposeDiscard": _OPERATE,
    "ApproveDiscard": _OPERATE,
    "ViewAudit": {_V: _ANY, _D: _ANY, _A: _ANY},
    "SetFeatureFlag": _ADMINISTER,
    "ViewFeatureFlags": _OPERATE,
    "ViewSecurityEvents": {_V: _ANY, _O: _ANY, _A: _ANY},
    "ViewNetworkBlocks": _ADMINISTER,
    "BlockNetwork": _ADMINISTER,
    "UnblockNetwork": _ADMINISTER,
}

WHILE_ENROLLING: Final = frozenset(
    {
        "ChangePassword",
        "Reauthenticate",
        "RevokeSession",
        "EndSessions",
        "ViewSessions",
        "BeginTotpEnrolment",
        "ConfirmTotp",
    }
)
"""All that is open to somebody who still has to enrol the second factor that their role asks for."""

WITH_A_FIRST_PASSWORD: Final = frozenset(
    {"ChangePassword", "Reauthenticate", "RevokeSession", "EndSessions", "ViewSessions"}
)
"""All that is open to somebody whose password was chosen by somebody else."""

BY_THE_SYSTEM: Final = frozenset(
    {
        "BootstrapAdministrator",
        "DefineReportType",
        "InstallTemplate",
        "RequestRendering",
        "StartRendering",
        "CompleteRendering",
        "FailRendering",
        "QueueEmail",
        "AttemptEmail",
        "RecordEmailOutcome",
        "RecordReload",
        "RecordRejection",
        "DueMaintenance",
        "CompleteMaintenance",
        "FailMaintenance",
        "BlockAttackingNetwork",
        "RecordSecurityEvent",
        "WarnOfApiClientExpiry",
        "NoteCertificate",
        "NoteSecretVersions",
        "NoteSecretRetired",
        "NotePromotion",
        "OrderRebuild",
        "CancelRebuild",
        "OrderPromotion",
        "OrderRollback",
        "OrderRetirement",
        "PauseProjection",
        "ResumeProjection",
        "RetryLetters",
    }
)
"""What reactions, schedules and set-up may do; a person may only where the table says so too."""


SCOPES: Final[Mapping[str, frozenset[str]]] = {
    "reports:read": frozenset({"ViewReport", "ViewFigures"}),
    "reports:create": frozenset({"CreateReport"}),
    "reports:update": frozenset(
        {
            "EditHeader",
            "SaveSection",
            "ImportRows",
            "RecordTestResult",
            "AssignApprover",
            "WithdrawSubmission",
        }
    ),
    "reports:download": frozenset({"DownloadUnissued", "RequestRendering"}),
    "users:read": frozenset({"ViewAccounts"}),
    "admin:manage_users": frozenset(
        {
            "RegisterAccount",
            "ApproveAccount",
            "RejectAccount",
            "ChangeRole",
            "DisableAccount",
            "EnableAccount",
            "RevokeSession",
            "EndSessions",
        }
    ),
    "admin:manage_api_keys": frozenset(
        {
            "CreateApiClient",
            "ViewApiClient",
            "UpdateApiClient",
            "RotateApiKey",
            "SuspendApiClient",
            "ResumeApiClient",
            "RevokeApiClient",
            "BindClientCertificate",
            "UnbindClientCertificate",
        }
    ),
    "admin:view_audit_logs": frozenset({"ViewAudit"}),
}
"""What an API client may do by each scope, as far as its creator may: never sign, approve or send out."""


def permitted(
    role: Role,
    action: str,
    *,
    own: bool = False,
    assigned: bool = False,
    scopes: Collection[str] | None = None,
) -> bool:
    """Whether somebody in that role may do it, given how they stand to the thing it is done to.

    `scopes` are those of an API client that acts within the role of its creator; a person has none (None).
    """
    if scopes is not None and action not in actions_of(scopes):
        return False
    relation = PERMISSIONS.get(action, {}).get(role)
    held = {Relation.ANY: True, Relation.OWN: own, Relation.ASSIGNED: assigned}
    return relation is not None and held[relation]


def actions_of(scopes: Collection[str]) -> frozenset[str]:
    """What these scopes cover; a scope that there is no more covers nothing."""
    return frozenset().union(*(SCOPES.get(scope, frozenset()) for scope in scopes))


def grantable(role: Role) -> frozenset[str]:
    """The scopes that somebody in that role may give away: those of which they may do everything."""
    return frozenset(
        scope for scope, actions in SCOPES.items() if all(role in PERMISSIONS[action] for action in actions)
    )
