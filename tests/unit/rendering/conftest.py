"""The shipped report type and sample."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="session")
def definition() -> dict[str, Any]:
    text = (ROOT / "aggregates" / "catalogue" / "sat.yaml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text))


@pytest.fixture
def sample() -> dict[str, Any]:
    text = (ROOT / "cli" / "sample" / "sat.yaml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text))
