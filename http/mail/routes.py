"""The addresses about mail."""

from __future__ import annotations

from typing import Any, Final

from falcon import App

from countersign.http.mail.broadcasts import BroadcastCancelling, Broadcasts, OneBroadcast
from countersign.http.mail.preferences import Preferences
from countersign.http.mail.suppressions import SuppressionLifting, Suppressions
from countersign.http.services import Services

_BROADCASTS: Final = "/v1/mail/broadcasts"
_SUPPRESSIONS: Final = "/v1/mail/suppressions"


def add_mail_routes(app: App[Any, Any], services: Services) -> None:
    """Give an app these addresses."""
    app.add_route("/v1/me/preferences", Preferences(services))
    app.add_route(_BROADCASTS, Broadcasts(services))
    app.add_route(f"{_BROADCASTS}/{{broadcast_id:uuid}}", OneBroadcast(services))
    app.add_route(f"{_BROADCASTS}/{{broadcast_id:uuid}}/cancel", BroadcastCancelling(services))
    app.add_route(_SUPPRESSIONS, Suppressions(services))
    app.add_route(f"{_SUPPRESSIONS}/{{suppression_id:uuid}}/lift", SuppressionLifting(services))
