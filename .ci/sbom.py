"""Write the bill of materials: every library that is installed, with its version, its source and its licence.

`make sbom` writes dist/countersign.cdx.json (CycloneDX) and fails if a library that the package asks for is
not in it. On a machine of the service: `cyclonedx-py environment /opt/countersign/bin/python`.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from importlib.metadata import requires
from pathlib import Path
from typing import Any, Final

FILE: Final = Path(__file__).parents[1] / "dist" / "countersign.cdx.json"
_NAME: Final = re.compile(r"[A-Za-z0-9._-]+")


def bill_of_materials() -> dict[str, Any]:
    """What CycloneDX says of this interpreter's environment, always in the same order."""
    command = [sys.executable, "-m", "cyclonedx_py", "environment", "--output-reproducible", "--no-validate"]
    made = subprocess.run([*command, sys.executable], capture_output=True, text=True, check=True)
    bill: dict[str, Any] = json.loads(made.stdout)
    return bill


def left_out(bill: Mapping[str, Any], requirements: Iterable[str]) -> set[str]:
    """The libraries that are asked for, and of which no version from the package index is listed."""
    listed = {
        _plain(one["name"])
        for one in bill["components"]
        if one.get("version") and one.get("purl", "").startswith("pkg:pypi/")
    }
    return {name for each in requirements if (name := _required(each)) and name not in listed}


def main() -> int:
    """Write it."""
    bill = bill_of_materials()
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(json.dumps(bill, indent=2) + "\n", encoding="utf-8")
    missing = left_out(bill, requires("countersign-server") or ())
    print(
        f"{FILE}: {len(bill['components'])} libraries" + (f", without {sorted(missing)}" if missing else "")
    )
    return 1 if missing else 0


def _required(requirement: str) -> str:
    name = _NAME.match(requirement)
    marked_for_tools = 'extra == "test"' in requirement
    return "" if name is None or marked_for_tools else _plain(name[0])


def _plain(name: str) -> str:
    own = re.sub(r"[-_.]+", "-", name).lower()
    return "" if own == "countersign-server" else own


if __name__ == "__main__":
    sys.exit(main())
