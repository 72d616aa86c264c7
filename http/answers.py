"""What is sent back: typed, so that what is documented is what is sent."""

from __future__ import annotations

from falcon import MEDIA_JSON, Response
from pydantic import BaseModel, ConfigDict


class Answer(BaseModel):
    """A response body; it can be made of any object that has its attributes."""

    model_config = ConfigDict(frozen=True, from_attributes=True)


def send(resp: Response, answer: Answer) -> None:
    """Write an answer as JSON."""
    resp.content_type = MEDIA_JSON
    resp.data = answer.model_dump_json().encode()
