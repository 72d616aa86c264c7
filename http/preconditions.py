"""`ETag` and `If-Match`: a change is made to what the caller has seen, or not at all."""

from __future__ import annotations

import re
from typing import Final

from falcon import Request, Response

from countersign.http.problems import Refusal

_VERSION: Final = re.compile(r'"v([0-9]{1,10})"')
_DIGEST: Final = re.compile(r'"([0-9a-f]{64}|empty)"')
EMPTY: Final = "empty"


def expected_version(req: Request) -> int:
    """The version that the caller last read, from `If-Match: "v7"`.

    Raises:
        Refusal: 428 when it is missing, 400 when it is none of our tags.
    """
    match = _VERSION.fullmatch(_if_match(req))
    if match is None:
        raise Refusal(400, "invalid_if_match", 'send If-Match with the ETag of the report, such as "v7"')
    return int(match[1])


def expected_digest(req: Request) -> str | None:
    """The digest of the section that the caller last read; None when it was empty.

    Raises:
        Refusal: 428 when it is missing, 400 when it is none of our tags.
    """
    match = _DIGEST.fullmatch(_if_match(req))
    if match is None:
        raise Refusal(400, "invalid_if_match", "send If-Match with the ETag of the section")
    return None if match[1] == EMPTY else match[1]


def tag_version(resp: Response, version: int) -> None:
    """Answer with the version of what was read or written."""
    resp.set_header("ETag", f'"v{version}"')


def tag_digest(resp: Response, digest: str | None) -> None:
    """Answer with the digest of a section."""
    resp.set_header("ETag", f'"{digest or EMPTY}"')


def _if_match(req: Request) -> str:
    given = req.get_header("If-Match")
    if given is None:
        raise Refusal(428, "precondition_required", "read it first, then send its ETag as If-Match")
    return given.strip().removeprefix("W/")


def is_known(req: Request, digest: str) -> bool:
    """Whether the caller has what is under that digest already (`If-None-Match`)."""
    return f'"{digest}"' in (req.get_header("If-None-Match") or "")
