"""The parts of the service that can be switched while it runs."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from falcon import Request, Response
from pydantic import StrictBool, StringConstraints

from countersign.aggregates.feature_flags import FEATURE_FLAGS_ID, LONGEST_REASON, FeatureFlags
from countersign.commands.configuration.set_feature_flag import SetFeatureFlag
from countersign.http.answers import Answer
from countersign.http.bodies import Form
from countersign.http.calls import answer_receipt, as_left, call_of
from countersign.http.endpoints import command, query
from countersign.http.services import Services


class FlagAnswer(Answer):
    """A flag: how it stands, how it stands when nobody sets it, and why somebody did."""

    name: str
    enabled: bool
    configured: bool
    reason: str | None
    set_at: datetime | None


class FlagsAnswer(Answer):
    """Every flag there is, by name."""

    items: list[FlagAnswer]


class FlagForm(Form):
    """How the flag is to stand, and why: the reason stays in the audit log."""

    enabled: StrictBool
    reason: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_REASON)]


class Flags:
    """`GET /v1/feature-flags`."""

    def __init__(self, services: Services) -> None:
        self._aggregates, self._flags = services.aggregates, services.flags

    @query("Configuration", action="ViewFeatureFlags")
    def on_get(self, _req: Request, _resp: Response) -> FlagsAnswer:
        """List the parts of the service that can be switched."""
        known = self._aggregates.find(FeatureFlags, FEATURE_FLAGS_ID)
        configured = self._flags.configured
        return FlagsAnswer(items=[_answer(known, name, configured[name]) for name in sorted(configured)])


class OneFlag:
    """`PUT /v1/feature-flags/{name}`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @command("Configuration", refusals=(403,))
    def on_put(self, req: Request, resp: Response, name: str, form: FlagForm) -> FlagAnswer:
        """Switch a part of the service; every process notices within about a second."""
        wanted = SetFeatureFlag(name=name, enabled=form.enabled, reason=form.reason)
        receipt = self._services.dispatch(wanted, call_of(req).context)
        flags = as_left(self._services.aggregates, FeatureFlags, FEATURE_FLAGS_ID, receipt)
        answer_receipt(resp, receipt)
        return _answer(flags, name, self._services.flags.configured[name])


def _answer(flags: FeatureFlags | None, name: str, configured: bool) -> FlagAnswer:
    held = None if flags is None else flags.flags.get(name)
    return FlagAnswer(
        name=name,
        enabled=configured if held is None else held.enabled,
        configured=configured,
        reason=None if held is None else held.reason,
        set_at=None if held is None else held.set_at,
    )
