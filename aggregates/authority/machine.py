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
    "ResolveEmail": OPERATE,
    "ViewJobs": OPERATE,
    "ViewProjections": OPERATE,
    "OrderRebuild": OPERATE,
    "CancelRebuild": OPERATE,
    "OrderPromotion": OPERATE,
    "OrderRollback": OPERATE,
    "OrderRetirement": OPERATE,
    "PauseProjection": OPERATE,
    "ResumeProjection": OPERATE,
    "RetryLetters": OPERATE,
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
}
