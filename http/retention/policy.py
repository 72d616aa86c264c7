"""How long reports are kept."""

from __future__ import annotations

from typing import Annotated

from falcon import Request, Response
from pydantic import Field, StrictInt, StringConstraints

from countersign.aggregates.retention_policy import RETENTION_POLICY_ID, RetentionPolicy, RetentionRule
from countersign.commands.retention.publish_retention_policy import PublishRetentionPolicy
from countersign.http.bodies import Form
from countersign.http.calls import answer_receipt, as_left, call_of
from countersign.http.endpoints import command, query
from countersign.http.fields import Text
from countersign.http.retention.answers import RetentionPolicyAnswer, policy_answer
from countersign.http.services import Services


class RuleForm(Form):
    """Reports of a type (`*`: all others) are kept so many years after their issue."""

    report_type: Annotated[str, StringConstraints(min_length=1, max_length=40), Field(examples=["SAT", "*"])]
    years: Annotated[StrictInt, Field(le=100, json_schema_extra={"minimum": 1})]


class RetentionPolicyForm(Form):
    """All rules, instead of those before; an approved disposition waits for `cooling_off_days`."""

    rules: Annotated[list[RuleForm], Field(max_length=100)]
    cooling_off_days: Annotated[StrictInt, Field(ge=0, le=365)] = 7
    reason: Text


class Policy:
    """`/v1/retention/policy`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @query("Retention", action="ViewRetention")
    def on_get(self, _req: Request, _resp: Response) -> RetentionPolicyAnswer:
        """Show the policy in force."""
        return policy_answer(self._services.aggregates.find(RetentionPolicy, RETENTION_POLICY_ID))

    @command("Retention", refusals=(403,))
    def on_put(self, req: Request, resp: Response, form: RetentionPolicyForm) -> RetentionPolicyAnswer:
        """Put a policy into force; what was archived before keeps its date."""
        rules = tuple(RetentionRule(each.report_type, each.years) for each in form.rules)
        wanted = PublishRetentionPolicy(
            rules=rules, cooling_off_days=form.cooling_off_days, reason=form.reason
        )
        receipt = self._services.dispatch(wanted, call_of(req).context)
        answer_receipt(resp, receipt)
        return policy_answer(
            as_left(self._services.aggregates, RetentionPolicy, RETENTION_POLICY_ID, receipt)
        )
