"""Who may do what about accounts and API clients."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from countersign.aggregates.authority.relation import (
    ADMINISTER,
    ADMINISTRATOR,
    ANY,
    EVERYBODY_OWN,
    KEEP_CLIENTS,
    PROJECT,
    TECHNICAL,
    Relation,
)
from countersign.aggregates.role import Role

ABOUT_PEOPLE: Final[Mapping[str, Mapping[Role, Relation]]] = {
    "RegisterAccount": ADMINISTER,
    "ViewAccounts": ADMINISTER,
    "ApproveAccount": ADMINISTER,
    "RejectAccount": ADMINISTER,
    "ChangeRole": ADMINISTER,
    "DisableAccount": ADMINISTER,
    "EnableAccount": ADMINISTER,
    "CloseAccount": {**EVERYBODY_OWN, ADMINISTRATOR: ANY},
    "UpdateProfile": {**EVERYBODY_OWN, ADMINISTRATOR: ANY},
    "RequestEmailChange": EVERYBODY_OWN,
    "ViewPreferences": dict.fromkeys(Role, ANY),
    "SetPreferences": EVERYBODY_OWN,
    "ChangePassword": EVERYBODY_OWN,
    "Reauthenticate": EVERYBODY_OWN,
    "RevokeSession": {**EVERYBODY_OWN, ADMINISTRATOR: ANY},
    "EndSessions": {**EVERYBODY_OWN, ADMINISTRATOR: ANY},
    "ViewSessions": {**EVERYBODY_OWN, ADMINISTRATOR: ANY},
    "BeginTotpEnrolment": EVERYBODY_OWN,
    "ConfirmTotp": EVERYBODY_OWN,
    "RegenerateBackupCodes": EVERYBODY_OWN,
    "DisableMfa": EVERYBODY_OWN,
    "ResetSecondFactor": ADMINISTER,
    "UnlockAccount": ADMINISTER,
    "CreateApiClient": {TECHNICAL: ANY, PROJECT: ANY, ADMINISTRATOR: ANY},
    "ViewApiClient": KEEP_CLIENTS,
    "UpdateApiClient": KEEP_CLIENTS,
    "RotateApiKey": KEEP_CLIENTS,
    "SuspendApiClient": KEEP_CLIENTS,
    "ResumeApiClient": KEEP_CLIENTS,
    "RevokeApiClient": KEEP_CLIENTS,
    "BindClientCertificate": KEEP_CLIENTS,
    "UnbindClientCertificate": KEEP_CLIENTS,
}
