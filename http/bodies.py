"""Request bodies: JSON only, bounded, typed, with every fault named by its pointer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final, Self

import msgspec
from falcon import Request
from pydantic import BaseModel, ConfigDict, ValidationError

from countersign.http.problems import Refusal

_DEPTH: Final = 16
_MOST_FAULTS: Final = 100
_ESCAPED_CONTROL: Final = re.compile(rb"\\(?:u00[01][0-9a-fA-F]|u007[fF]|u[dD][89a-fA-F]|[bf])")
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class Form(BaseModel):
    """A typed request body; unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=False)

    @classmethod
    def read(cls, req: Request, max_bytes: int | None = None) -> Self:
        """The body of a request.

        Raises:
            Refusal: 400, 411, 413, 415 or 422, saying what to do.
        """
        return cls.parse(json_body(req, max_bytes))

    @classmethod
    def parse(cls, document: Any) -> Self:
        """A decoded body, checked.

        Raises:
            Refusal: 422 with a pointer to each fault.
        """
        try:
            return cls.model_validate(document)
        except ValidationError as invalid:
            raise Refusal(422, "invalid_body", "the body does not fit", list(faults_of(invalid))) from None


def faults_of(invalid: ValidationError) -> Iterator[tuple[str, str]]:
    """Each fault of a validation as a JSON pointer (RFC 6901) and a sentence."""
    for error in invalid.errors(include_url=False, include_input=False, include_context=False)[:_MOST_FAULTS]:
        pointer = "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in error["loc"])
        yield pointer, error["msg"]


def json_body(req: Request, max_bytes: int | None = None) -> Any:
    """The decoded JSON of a request.

    Raises:
        Refusal: it is missing, too large, not JSON, or holds what cannot be stored.
    """
    raw = raw_body(req, "application/json", max_bytes)
    try:
        document = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError) as broken:
        raise Refusal(400, "invalid_json", f"the body is not JSON: {broken}") from None
    except RecursionError:
        raise _too_deep() from None
    _require_shallow(document)
    if _ESCAPED_CONTROL.search(raw):
        _require_printable(document)
    return document


def raw_body(req: Request, media_type: str, max_bytes: int | None = None) -> bytes:
    """The bytes of a body of a media type.

    Raises:
        Refusal: 411 without a length, 413 over the limit, 415 for another media type.
    """
    limit = max_bytes or req.context.max_body_bytes
    if req.get_header("Transfer-Encoding"):
        raise Refusal(411, "length_required", "send the body with a Content-Length, not chunked")
    given = (req.content_type or "").split(";")[0].strip().lower()
    if given != media_type:
        raise Refusal(415, "unsupported_media_type", f"send the body as {media_type}")
    length = req.content_length
    if not length:
        raise Refusal(400, "body_missing", "this request needs a body")
    if length > limit:
        raise Refusal(413, "body_too_large", f"the body may have {limit} bytes, not {length}")
    body: bytes = req.bounded_stream.read(length)
    if len(body) < length:
        raise Refusal(400, "body_incomplete", f"only {len(body)} of {length} bytes arrived")
    return body


def _require_shallow(document: Any) -> None:
    level = [document]
    for _ in range(_DEPTH):
        level = [child for node in level for child in _children(node)]
        if not level:
            return
    raise _too_deep()


def _children(node: Any) -> list[Any]:
    values = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    return [value for value in values if isinstance(value, dict | list)]


def _require_printable(document: Any, pointer: str = "") -> None:
    if isinstance(document, str) and _CONTROL.search(document):
        raise Refusal(
            422,
            "control_characters",
            "take the control characters out",
            [(pointer, "has a control character")],
        )
    if isinstance(document, dict):
        for name, value in document.items():
            _require_printable(name, pointer)
            _require_printable(value, f"{pointer}/{name}")
    elif isinstance(document, list):
        for index, value in enumerate(document):
            _require_printable(value, f"{pointer}/{index}")


def _too_deep() -> Refusal:
    return Refusal(400, "too_deep", f"the body is nested more than {_DEPTH} levels deep")
