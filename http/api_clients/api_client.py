"""One API client: its terms, its keys, and whether it is let in."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from falcon import Request, Response
from pydantic import Field, StringConstraints

from countersign.commands.api_client.resume_api_client import ResumeApiClient
from countersign.commands.api_client.revoke_api_client import RevokeApiClient
from countersign.commands.api_client.rotate_api_key import RotateApiKey
from countersign.commands.api_client.suspend_api_client import SuspendApiClient
from countersign.commands.api_client.update_api_client import UpdateApiClient
from countersign.http.api_clients.api_client_answer import NewKeyAnswer, OneApiClientAnswer
from countersign.http.api_clients.api_clients import TermsForm
from countersign.http.api_clients.changes import answer_client, answer_new_key, give_on_client
from countersign.http.api_clients.visibility import visible_client
from countersign.http.bodies import Form
from countersign.http.endpoints import command, query
from countersign.http.preconditions import expected_version, tag_version
from countersign.http.reports.people import People
from countersign.http.services import Services


class KeptOutForm(Form):
    """Why an API client is kept out."""

    reason: Annotated[str, StringConstraints(min_length=1, max_length=200)]


class OverlapForm(Form):
    """For how many seconds the present key goes on beside the new one."""

    overlap_s: Annotated[int, Field(strict=True, ge=0, le=90 * 86_400)] = 86_400


class OneApiClient:
    """`/v1/api-clients/{client_id}`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @query("API clients")
    def on_get(self, req: Request, resp: Response, client_id: UUID) -> OneApiClientAnswer:
        """Show an API client."""
        client = visible_client(self._services.aggregates, req.context.claims, client_id)
        tag_version(resp, client.version)
        return OneApiClientAnswer.of_log(client, People(self._services.read, (client.creator,)))

    @command("API clients", if_match="api_client", refusals=(403, 409))
    def on_put(self, req: Request, resp: Response, client_id: UUID, form: TermsForm) -> OneApiClientAnswer:
        """Put an API client under other terms; a later end prolongs it."""
        wanted = UpdateApiClient(
            client_id=client_id,
            expected_version=expected_version(req),
            name=form.name,
            scopes=tuple(form.scopes),
            rate_limit=form.rate_limit,
            expires_at=form.expires_at,
        )
        receipt = give_on_client(self._services, req, client_id, wanted)
        return answer_client(self._services, resp, client_id, receipt)


class KeyRotation:
    """`POST /v1/api-clients/{client_id}/rotate-key`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @command("API clients", refusals=(403, 404, 409))
    def on_post(self, req: Request, resp: Response, client_id: UUID, form: OverlapForm) -> NewKeyAnswer:
        """Make the next key, which is in the answer, this once; the present one goes on for a while."""
        wanted = RotateApiKey(client_id=client_id, overlap_s=form.overlap_s)
        receipt = give_on_client(self._services, req, client_id, wanted)
        return answer_new_key(self._services, resp, client_id, receipt)


class ApiClientSuspension:
    """`POST /v1/api-clients/{client_id}/suspend`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @command("API clients", refusals=(403, 404, 409))
    def on_post(self, req: Request, resp: Response, client_id: UUID, form: KeptOutForm) -> OneApiClientAnswer:
        """Keep an API client out for now, from its next call on."""
        wanted = SuspendApiClient(client_id=client_id, reason=form.reason)
        receipt = give_on_client(self._services, req, client_id, wanted)
        return answer_client(self._services, resp, client_id, receipt)


class ApiClientResumption:
    """`POST /v1/api-clients/{client_id}/resume`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @command("API clients", refusals=(403, 404, 409))
    def on_post(self, req: Request, resp: Response, client_id: UUID) -> OneApiClientAnswer:
        """Let a suspended API client in again."""
        receipt = give_on_client(self._services, req, client_id, ResumeApiClient(client_id=client_id))
        return answer_client(self._services, resp, client_id, receipt)


class ApiClientRevocation:
    """`POST /v1/api-clients/{client_id}/revoke`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @command("API clients", refusals=(403, 404, 409))
    def on_post(self, req: Request, resp: Response, client_id: UUID, form: KeptOutForm) -> OneApiClientAnswer:
        """Keep an API client out for good."""
        wanted = RevokeApiClient(client_id=client_id, reason=form.reason)
        receipt = give_on_client(self._services, req, client_id, wanted)
        return answer_client(self._services, resp, client_id, receipt)
