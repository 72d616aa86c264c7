"""Every command about API clients, and the handler that decides it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from countersign.commands.api_client.api_keys import ApiKeys
from countersign.commands.api_client.bind_client_certificate import (
    BindClientCertificate,
    bind_client_certificate,
)
from countersign.commands.api_client.create_api_client import CreateApiClient, create_api_client
from countersign.commands.api_client.resume_api_client import ResumeApiClient, resume_api_client
from countersign.commands.api_client.revoke_api_client import RevokeApiClient, revoke_api_client
from countersign.commands.api_client.rotate_api_key import RotateApiKey, rotate_api_key
from countersign.commands.api_client.suspend_api_client import SuspendApiClient, suspend_api_client
from countersign.commands.api_client.unbind_client_certificate import (
    UnbindClientCertificate,
    unbind_client_certificate,
)
from countersign.commands.api_client.update_api_client import UpdateApiClient, update_api_client
from countersign.commands.api_client.warn_of_api_client_expiry import (
    WarnOfApiClientExpiry,
    warn_of_api_client_expiry,
)
from countersign.commands.handler import Handler
from countersign.commands.options import Options


def handlers(options: Options) -> Mapping[type, Handler]:
    """The handlers by the class of their message."""
    keys = ApiKeys(options.api_key_secret)
    return {
        CreateApiClient: partial(create_api_client, options=options, keys=keys),
        UpdateApiClient: partial(update_api_client, options=options),
        RotateApiKey: partial(rotate_api_key, options=options, keys=keys),
        SuspendApiClient: suspend_api_client,
        ResumeApiClient: resume_api_client,
        RevokeApiClient: revoke_api_client,
        BindClientCertificate: bind_client_certificate,
        UnbindClientCertificate: unbind_client_certificate,
        WarnOfApiClientExpiry: warn_of_api_client_expiry,
    }
