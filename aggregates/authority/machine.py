"""Who may do what about the machine and its policies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from countersign.aggregates.authority.relation import (
    ADMINISTER,
    ADMINISTRATOR,
    ANY,
    AUDITOR,
    CONTROLLER,
    OPERATE,
    OPERATOR,
    Relation,
)
from countersign.aggregates.role import Role

ABOUT_THE_MACHINE: Final[Mapping[str, Mapping[Role, Relation]]] = {
    "RetryRendering": OPERATE,
    "CancelRendering": OPERATE,
    "DiscardRendering": OPERATE,
    "RetryMaintenance": OPERATE,
    "CancelMaintenance": OPERATE,
    "DiscardMaintenance": OPERATE,
    "CancelEmail": OPERATE,
    "ResolveEmail": OPERATE,
    "ViewJobs": OPERATE,
    "ViewMaintenance": OPERATE,
    "ViewDatabase": OPERATE,
    "RunMaintenance": OPERATE,
    "ViewPeriodicWork": OPERATE,
    "ViewProjections": OPERATE,
    "OrderRebuild": OPERATE,
    "CancelRebuild": OPERATE,
    "OrderPromotion": OPERATE,
    "OrderRollback": OPERATE,
    "OrderRetirement": OPERATE,
    "PauseProjection": OPERATE,
    "ResumeProjection": OPERATE,
    "RetryLetters": OPERATE,
    "ViewBackups": OPERATE,
    "RequestRestore": OPERATE,
    "ApproveRestore": OPERATE,
    "RefuseRestore": OPERATE,
    "ProposeDiscard": OPERATE,
    "ApproveDiscard": OPERATE,
    "ViewHealth": OPERATE,
    "AcknowledgeIncident": OPERATE,
    "ResolveIncident": OPERATE,
    "ViewAudit": {AUDITOR: ANY, CONTROLLER: ANY, ADMINISTRATOR: ANY},
    "SetFeatureFlag": ADMINISTER,
    "ViewFeatureFlags": OPERATE,
    "ViewSecurityEvents": {AUDITOR: ANY, OPERATOR: ANY, ADMINISTRATOR: ANY},
    "ViewNetworkBlocks": ADMINISTER,
    "BlockNetwork": ADMINISTER,
    "UnblockNetwork": ADMINISTER,
    "ViewWebhooks": OPERATE,
    "RegisterWebhook": ADMINISTER,
    "ChangeWebhook": ADMINISTER,
    "RotateWebhookSecret": ADMINISTER,
    "PauseWebhook": ADMINISTER,
    "ResumeWebhook": ADMINISTER,
    "DeleteWebhook": ADMINISTER,
    "TryWebhook": ADMINISTER,
    "ReplayWebhook": ADMINISTER,
    "ResendDelivery": OPERATE,
}
