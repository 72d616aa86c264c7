"""What API clients may do, by scope."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

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
