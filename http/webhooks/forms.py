"""What is sent about webhooks."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from countersign.aggregates.webhook.target_url import LONGEST_URL
from countersign.aggregates.webhook.terms import LONGEST_NAME, LONGEST_VALUE, MOST_HEADERS, Only
from countersign.http.bodies import Form
from countersign.http.fields import Key, Line, Text

FieldName = Annotated[str, StringConstraints(min_length=1, max_length=64)]
FieldValue = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_VALUE)]
Headers = Annotated[dict[FieldName, FieldValue], Field(max_length=MOST_HEADERS)]


class OnlyForm(Form):
    """The reports that it hears of; what is left out does not matter."""

    report_types: Annotated[list[Key], Field(max_length=50, default_factory=list)]
    project_reference: Line = ""
    client_name: Line = ""

    def only(self) -> Only:
        """As the domain has it."""
        return Only(tuple(self.report_types), self.project_reference, self.client_name)


class WebhookTermsForm(Form):
    """Where it goes and what it hears of: everything, unless some types are named.

    The types are at `GET /v1/webhooks/event-types`. The values of `headers` are never shown again.
    """

    name: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_NAME)]
    url: Annotated[
        str,
        StringConstraints(min_length=1, max_length=LONGEST_URL),
        Field(examples=["https://erp.example.com/countersign"]),
    ]
    event_types: Annotated[list[Key], Field(max_length=50, default_factory=list)]
    only: Annotated[OnlyForm, Field(default_factory=OnlyForm)]


class NewWebhookForm(WebhookTermsForm):
    """A webhook to be."""

    headers: Annotated[Headers, Field(default_factory=dict)]


class ChangedWebhookForm(WebhookTermsForm):
    """Its terms from now on; without `headers` it keeps those that it has."""

    headers: Headers | None = None


class RotationForm(Form):
    """For how many seconds the secret before goes on signing, too."""

    overlap_s: Annotated[int, Field(strict=True, ge=0)] = 86_400


class WebhookReasonForm(Form):
    """Why, if there is something to say."""

    reason: Line = ""


class CancellationForm(Form):
    """Why; it is kept in the history of the delivery."""

    reason: Text


class ReplayForm(Form):
    """From which position of the log, up to which: to its end, unless that is said."""

    from_position: Annotated[int, Field(strict=True, ge=1, le=2**62)]
    to_position: Annotated[int, Field(strict=True, ge=1, le=2**62)] | None = None
