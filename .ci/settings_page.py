"""Writes the list of all settings at the end of docs/configuration.md, from the types and app.yaml.

`python .ci/settings_page.py` after a setting came, went or changed; a house test compares.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, get_type_hints

import yaml

from countersign.config.layers import SHIPPED
from countersign.config.leaf import Leaf
from countersign.config.schema import Keys, schema_of_settings
from countersign.config.settings import Settings

PAGE = Path(__file__).parents[1] / "docs" / "configuration.md"
HEADING = "## Every setting\n"
_COMMENT = re.compile(r"^ *(?P<key>\w+):[^#]*?(?: # *| +# +)(?P<text>.+)$")


def listing() -> str:
    """The end of the page, from its heading on."""
    leaves = schema_of_settings().leaves
    sections = dict.fromkeys(keys[0] if len(keys) > 1 else "" for keys in leaves)
    return "\n".join([HEADING, *(line for section in sections for line in _section(section, leaves))]) + "\n"


def _section(section: str, leaves: Mapping[Keys, Leaf]) -> Iterator[str]:
    own = {keys: leaf for keys, leaf in leaves.items() if (keys[0] if len(keys) > 1 else "") == section}
    yield f"### {section or 'Above the sections'}\n"
    if section:
        yield f"{_words(get_type_hints(Settings)[section])}\n"
    yield "| setting | value | default | in production | reloadable | |"
    yield "|---|---|---|---|---|---|"
    app, production = _shipped("app"), _shipped("production")
    for keys, leaf in own.items():
        default, other = _at(app, keys), _at(production, keys)
        cells = (_code(".".join(keys)), _kind(leaf), _code(default), _code(other), _yes(leaf), _comment(keys))
        yield f"| {' | '.join(cells)} |".replace("  ", " ")
    yield ""


def _words(section: type[Any]) -> str:
    return " ".join((inspect.getdoc(section) or "").split())


def _kind(leaf: Leaf) -> str:
    kind = leaf.wanted().removeprefix("expected ")
    listed = f"a list: {kind}" if leaf.many and not leaf.choices else kind
    return f"{listed}; may be a reference" if leaf.referable else listed


def _yes(leaf: Leaf) -> str:
    return "yes" if leaf.reloadable else "restart"


def _shipped(name: str) -> Any:
    return yaml.safe_load((SHIPPED / f"{name}.yaml").read_text(encoding="utf-8"))


def _at(document: Any, keys: Keys) -> str:
    for key in keys:
        if not isinstance(document, dict) or key not in document:
            return ""
        document = document[key]
    if isinstance(document, bool):
        return str(document).lower()
    return '""' if document == "" else str(document)


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


def _comment(keys: Keys) -> str:
    lines, node = _app()
    for key in keys:
        name, node = next(pair for pair in node.value if pair[0].value == key)
    found = _COMMENT.match(lines[name.start_mark.line])
    return found["text"] if found else ""


@cache
def _app() -> tuple[list[str], Any]:
    text = (SHIPPED / "app.yaml").read_text(encoding="utf-8")
    return text.splitlines(), yaml.compose(text)


if __name__ == "__main__":
    prose = PAGE.read_text(encoding="utf-8").partition(HEADING)[0]
    PAGE.write_text(prose + listing(), encoding="utf-8")
