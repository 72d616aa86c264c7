"""Query parameters: typed, bounded, and none that the address does not know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Self
from urllib.parse import unquote_to_bytes

from falcon import Request
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from countersign.http.bodies import faults_of, require_printable
from countersign.http.problems import Refusal


class Parameters(BaseModel):
    """What may stand behind the question mark: nothing, unless a subclass says so."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @classmethod
    def read(cls, req: Request) -> Self:
        """The parameters of a request.

        Raises:
            Refusal: 400 when they are not UTF-8, 422 with a pointer to each fault.
        """
        given = _decoded(req)
        require_printable(given)
        try:
            return cls.model_validate(given)
        except ValidationError as invalid:
            faults = list(faults_of(invalid))
            raise Refusal(422, "invalid_parameters", "the query parameters do not fit", faults) from None


class Paging(Parameters):
    """How much of a list; `cursor` is the `next_cursor` of the page before."""

    cursor: Annotated[str, Field(max_length=2000)] | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


def _decoded(req: Request) -> Mapping[str, str | list[str]]:
    if "%" in req.query_string:
        try:
            unquote_to_bytes(req.query_string).decode()
        except UnicodeDecodeError as broken:
            raise Refusal(400, "invalid_encoding", f"the query is not UTF-8: {broken}") from None
    return req.params
