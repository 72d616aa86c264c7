"""Request bodies: bounded, typed, with every fault named by its pointer."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from math import isinf
from typing import Any, ClassVar, Final, Self

from falcon import Request
from pydantic import BaseModel, ConfigDict, ValidationError

from countersign.http.problems import Refusal

MOST_FAULTS: Final = 100
_DEPTH: Final = 16
_ESCAPED_CONTROL: Final = re.compile(r"\\(?:u00[0189][0-9a-fA-F]|u007[fF]|u[dD][89a-fA-F]|[bf])")
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


class Form(BaseModel):
    """A typed request body; unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    MAX_BYTES: ClassVar[int | None] = 64 * 1024
    """The most that it can take; None for as much as the API takes at all."""

    @classmethod
    def read(cls, req: Request) -> Self:
        """The body of a request.

        Raises:
            Refusal: 400, 413, 415 or 422, saying what to do.
        """
        return cls.parse(json_body(req, cls.MAX_BYTES))

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
    """Each fault of a validation as a JSON pointer and a sentence."""
    for error in invalid.errors(include_url=False, include_input=False, include_context=False)[:MOST_FAULTS]:
        yield pointer_to(error["loc"]), error["msg"]


def pointer_to(steps: Sequence[str | int]) -> str:
    """The JSON pointer (RFC 6901) that goes those steps from the whole body."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in steps)


def json_body(req: Request, max_bytes: int | None = None) -> Any:
    """The decoded JSON of a request.

    Raises:
        Refusal: it is missing, too large, not JSON, or holds what cannot be stored.
    """
    text = text_body(req, "application/json", max_bytes)
    try:
        document = _DECODER.decode(text)
    except RecursionError:
        raise _too_deep() from None
    except ValueError as broken:
        raise Refusal(400, "invalid_json", f"the body is not JSON: {broken}") from None
    _require_shallow(document)
    if _CONTROL.search(text) or _ESCAPED_CONTROL.search(text):
        require_printable(document)
    return document


def text_body(req: Request, media_type: str, max_bytes: int | None = None) -> str:
    """The text of a body of that media type.

    Raises:
        Refusal: 413 over the limit, 415 for another media type, 400 when it is missing or not UTF-8.
    """
    if media_type_of(req) != media_type:
        raise Refusal(415, "unsupported_media_type", f"send the body as {media_type}")
    try:
        return _raw_body(
            req, min(max_bytes or req.context.max_body_bytes, req.context.max_body_bytes)
        ).decode()
    except UnicodeDecodeError as broken:
        raise Refusal(400, "invalid_encoding", f"the body is not UTF-8: {broken}") from None


def media_type_of(req: Request) -> str:
    """What the caller says the body is, without its parameters."""
    return (req.content_type or "").split(";")[0].strip().lower()


def require_printable(document: Any, steps: tuple[str | int, ...] = ()) -> None:
    """Refuse control characters and lone surrogates, which no document can print.

    Raises:
        Refusal: 422 with a pointer to the first.
    """
    if isinstance(document, str) and _CONTROL.search(document):
        fault = (pointer_to(steps), "has a control character")
        raise Refusal(422, "control_characters", "take the control characters out", [fault])
    if isinstance(document, dict):
        for name, value in document.items():
            require_printable(name, steps)
            require_printable(value, (*steps, name))
    elif isinstance(document, list):
        for index, value in enumerate(document):
            require_printable(value, (*steps, index))


def _raw_body(req: Request, limit: int) -> bytes:
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


def _too_deep() -> Refusal:
    return Refusal(400, "too_deep", f"the body is nested more than {_DEPTH} levels deep")


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    unique = dict(pairs)
    if len(unique) != len(pairs):
        raise ValueError("a name stands twice in one object")
    return unique


def _finite(text: str) -> float:
    number = float(text)
    if isinf(number):
        raise ValueError(f"{text[:40]} is out of range")
    return number


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


# The standard decoder would take NaN, Infinity and a name that stands twice.
_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_without_repeats, parse_float=_finite, parse_constant=_refuse_constant
)
