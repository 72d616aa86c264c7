"""What an accepted command left behind: enough to make its answer again, and nothing secret."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self
from uuid import UUID

import msgspec


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The position at which a command can be read, and the streams with the versions they reached."""

    position: int
    streams: tuple[tuple[UUID, int], ...]
    repeated: bool = False

    @classmethod
    def again(cls, position: int, stored: bytes) -> Self:
        """The first receipt of a command that was given again."""
        streams = msgspec.json.decode(stored, type=tuple[tuple[UUID, int], ...])
        return cls(position=position, streams=streams, repeated=True)

    def version_of(self, stream: UUID) -> int:
        """The version that a stream reached.

        Raises:
            KeyError: the command did not touch it.
        """
        return dict(self.streams)[stream]
