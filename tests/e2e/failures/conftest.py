from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def short_folder() -> Iterator[Path]:
    """A folder in which a Unix socket has room."""
    folder = Path(tempfile.mkdtemp(prefix="cs-fail-"))
    yield folder
    shutil.rmtree(folder)
