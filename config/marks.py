"""What a setting's type says about it besides its bounds: `Annotated[Count, Mark.RELOADABLE]`."""

from __future__ import annotations

from enum import Enum, auto


class Mark(Enum):
    """`REFERABLE`: may be kept elsewhere, as every secret may. `RELOADABLE`: SIGHUP puts it into force."""

    REFERABLE = auto()
    RELOADABLE = auto()
