"""Rules about API clients that a command or a call may break."""

from __future__ import annotations

from countersign.aggregates.root import DomainError


class ClientRevoked(DomainError):
    """What was revoked stays so: create another client."""

    code = "api_client_revoked"


class NotSuspended(DomainError):
    """Only a suspended client can be resumed."""

    code = "api_client_not_suspended"


class ClientNotInForce(DomainError):
    """The key is genuine, but its client is suspended, revoked or has expired."""

    code = "api_client_not_in_force"
    status = 401


class ClientCertificateRefused(DomainError):
    """The key is genuine, but it came without the certificate that its client is bound to: was it stolen?"""

    code = "client_certificate_refused"
    status = 401


class InvalidFingerprint(DomainError):
    """A certificate is named by its SHA-256."""

    code = "invalid_certificate_fingerprint"
    status = 422
