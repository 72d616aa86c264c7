"""The TLS certificate that an API client is bound to."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from falcon import Request, Response
from pydantic import StringConstraints

from countersign.commands.api_client.bind_client_certificate import BindClientCertificate
from countersign.commands.api_client.unbind_client_certificate import UnbindClientCertificate
from countersign.http.api_clients.api_client_answer import OneApiClientAnswer
from countersign.http.api_clients.changes import answer_client, give_on_client
from countersign.http.bodies import Form
from countersign.http.endpoints import command
from countersign.http.services import Services


class CertificateForm(Form):
    """The SHA-256 of a certificate, in hexadecimal digits with colons or without."""

    sha256: Annotated[str, StringConstraints(min_length=64, max_length=95)]


class ClientCertificate:
    """`/v1/api-clients/{client_id}/certificate`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @command("API clients", refusals=(403, 404, 409))
    def on_put(
        self, req: Request, resp: Response, client_id: UUID, form: CertificateForm
    ) -> OneApiClientAnswer:
        """Bind an API client to a TLS certificate: from its next call on its key is refused without it."""
        wanted = BindClientCertificate(client_id=client_id, sha256=form.sha256)
        receipt = give_on_client(self._services, req, client_id, wanted)
        return answer_client(self._services, resp, client_id, receipt)

    @command("API clients", refusals=(403, 404, 409))
    def on_delete(self, req: Request, resp: Response, client_id: UUID) -> OneApiClientAnswer:
        """Let an API client in without a TLS certificate again."""
        receipt = give_on_client(self._services, req, client_id, UnbindClientCertificate(client_id=client_id))
        return answer_client(self._services, resp, client_id, receipt)
