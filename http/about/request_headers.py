"""The headers that an endpoint takes and gives, as the OpenAPI document describes them."""

from __future__ import annotations

from typing import Any, Final

from countersign.http.endpoints import Endpoint

_IDEMPOTENCY_KEY: Final = (
    "Makes the command happen once, however often it is sent. Another body under the same key is refused."
)
_IF_MATCH: Final = {
    "report": 'The ETag of the report as it was last read, such as `"v7"`.',
    "api_client": 'The ETag of the API client as it was last read, such as `"v1"`.',
    "webhook": 'The ETag of the webhook as it was last read, such as `"v1"`.',
    "schedule": 'The ETag of the schedule as it was last read, such as `"v1"`.',
    "section": 'The ETag of the section as it was last read; `"empty"` before anything was saved.',
}
_KEY_SCHEMA: Final = {"type": "string", "minLength": 1, "maxLength": 255, "pattern": r"^[\x21-\x7e]+$"}
_VERSION: Final = {"type": "string", "pattern": r'^(W/)?"v[0-9]{1,10}"$'}
_TAG_SCHEMAS: Final = {
    "report": _VERSION,
    "api_client": _VERSION,
    "webhook": _VERSION,
    "schedule": _VERSION,
    "section": {"type": "string", "pattern": r'^(W/)?"([0-9a-f]{64}|empty)"$'},
}
_POSITION_SCHEMA: Final = {"type": "integer", "minimum": 0, "maximum": 10**18 - 1}
_MIN_POSITION: Final = "Wait, for some seconds at most, until at least this position of the log can be read."
_POSITION: Final = "The position of the log at which what was decided can be read."
_RATES: Final = {
    "RateLimit-Policy": "How many requests (`q`) there are in how many seconds (`w`), by quota.",
    "RateLimit": "How many of them are left (`r`), and in how many seconds there are more (`t`).",
}
_AS_OF_POSITION: Final = "The position of the log up to which the answer is true."
_STALE_KEYS: Final = (
    "Only while events could not be taken into what was read: how many keys (such as reports) lack some. "
    "Items of such a key are `stale`."
)


def headers_of(endpoint: Endpoint) -> list[dict[str, Any]]:
    """The request headers of an endpoint, as OpenAPI parameters."""
    found = []
    if endpoint.is_command:
        found.append(_parameter("Idempotency-Key", _IDEMPOTENCY_KEY, _KEY_SCHEMA))
    if endpoint.if_match is not None:
        tag = endpoint.if_match
        found.append(_parameter("If-Match", _IF_MATCH[tag], _TAG_SCHEMAS[tag], required=True))
    if endpoint.reads is not None:
        found.append(_parameter("Min-Position", _MIN_POSITION, _POSITION_SCHEMA))
    return found


def headers_told(endpoint: Endpoint) -> dict[str, Any]:
    """The headers of an accepted answer, as OpenAPI header objects."""
    told: dict[str, Any] = {
        name: {"description": words, "schema": {"type": "string"}} for name, words in _RATES.items()
    }
    if endpoint.is_command:
        told["Position"] = {"description": _POSITION, "schema": {"type": "integer"}}
    if endpoint.reads is not None:
        told["As-Of-Position"] = {"description": _AS_OF_POSITION, "schema": {"type": "integer"}}
    if endpoint.reads:
        told["Stale-Keys"] = {"description": _STALE_KEYS, "schema": {"type": "integer", "minimum": 1}}
    return told


def _parameter(
    name: str, description: str, schema: dict[str, Any], *, required: bool = False
) -> dict[str, Any]:
    return {
        "name": name,
        "in": "header",
        "required": required,
        "description": description,
        "schema": schema,
    }
