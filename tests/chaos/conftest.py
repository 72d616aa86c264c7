from __future__ import annotations

import pytest

from tests.furniture import Furnish, at_work


@pytest.fixture(scope="session")
def furnish() -> Furnish:
    return at_work
