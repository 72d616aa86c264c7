"""Positions of the log as requests name them."""

from __future__ import annotations

import re
from typing import Final

from falcon import Request

from countersign.http.problems import Refusal

_POSITION: Final = re.compile(r"[0-9]{1,18}")


def min_position(req: Request) -> int:
    """The position that an answer must show at least; 0 when the request does not care.

    Raises:
        Refusal: 400 when it is not a number.
    """
    given = req.get_header("Min-Position", default="0")
    if not _POSITION.fullmatch(given):
        raise no_position("it is a number")
    return int(given)


def no_position(reason: str) -> Refusal:
    """The `Min-Position` is none that anybody was told."""
    detail = f"send as Min-Position what a Position header gave: {reason}"
    return Refusal(400, "invalid_min_position", detail)
