"""What a row of a read table is in memory."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Row = Mapping[str, Any]
"""The value of each column, by its name."""

Key = tuple[Any, ...]
"""The values of the primary key, in its order."""
