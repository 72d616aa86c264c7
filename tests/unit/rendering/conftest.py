"""The shipped report type and sample."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import pytest
import yaml


@pytest.fixture(scope="session")
def definition() -> dict[str, Any]:
    text = (files("countersign.aggregates") / "catalogue" / "sat.yaml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text))


@pytest.fixture
def sample() -> dict[str, Any]:
    text = (files("countersign.cli") / "sample" / "sat.yaml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text))
