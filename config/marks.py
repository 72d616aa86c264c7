"""What the type of a setting or of a whole section says about it: `Annotated[Count, Mark.RELOADABLE]`."""

from __future__ import annotations

from enum import Enum, auto


class Mark(Enum):
    """`REFERABLE`: may be kept elsewhere, as every secret may. `RELOADABLE`: SIGHUP puts it into force."""

    REFERABLE = auto()
    RELOADABLE = auto()
