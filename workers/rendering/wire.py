"""What the worker and its rendering process say to each other: msgpack in length-prefixed frames."""

from __future__ import annotations

import struct
from typing import IO, Literal

import msgspec

from countersign.workers.rendering.limits import Limits

LENGTH = struct.Struct(">Q")

Outcome = Literal["rendered", "invalid", "limit", "timeout", "lost"]


class Ready(msgspec.Struct, frozen=True):
    """The process is warm; `network` says how it is kept from the network."""

    network: str


class Job(msgspec.Struct, frozen=True):
    """One document to make; `context` is JSON, so that nothing but plain data can reach a template."""

    template: bytes
    context: bytes
    limits: Limits


class Answer(msgspec.Struct, frozen=True):
    """A document, or why there is none; `duration_ms` is the rendering itself."""

    outcome: Outcome
    message: str = ""
    docx: bytes = b""
    duration_ms: float = 0.0


def send(stream: IO[bytes], message: Ready | Job | Answer) -> None:
    payload = msgspec.msgpack.encode(message)
    stream.write(LENGTH.pack(len(payload)) + payload)
    stream.flush()


def receive(stream: IO[bytes]) -> bytes | None:
    """The next frame, or nothing when the other side is gone."""
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    payload = stream.read(length)
    return payload if len(payload) == length else None
