"""The chart's templates filled in, for which Helm is not needed: they use three actions of its language."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path
from typing import Any

import yaml

CHART = Path(__file__).parents[3] / "deploy" / "helm" / "countersign"
_BLOCK = re.compile(r"\n *\{\{- toYaml (\.[\w.]+) \| nindent (\d+) \}\}")
_VALUE = re.compile(r"\{\{ (\.[\w.]+) \}\}")


def rendered(release: str = "trial") -> dict[str, dict[str, Any]]:
    """Each object of the chart by the name of its template."""
    values = yaml.safe_load((CHART / "values.yaml").read_text("utf-8"))
    about = {"Values": values, "Release": {"Name": release}}
    return {
        template.stem: yaml.safe_load(_filled(template.read_text("utf-8"), about))
        for template in sorted((CHART / "templates").glob("*.yaml"))
    }


def _filled(text: str, about: dict[str, Any]) -> str:
    def block(found: re.Match[str]) -> str:
        written = yaml.safe_dump(_looked_up(found[1], about), sort_keys=True).rstrip()
        return "\n" + textwrap.indent(written, " " * int(found[2]))

    done = _VALUE.sub(lambda found: str(_looked_up(found[1], about)), _BLOCK.sub(block, text))
    assert "{{" not in done, "an action that is not known here"
    return done


def _looked_up(path: str, about: dict[str, Any]) -> Any:
    value: Any = about
    for name in path.strip(".").split("."):
        value = value[name]
    return value
