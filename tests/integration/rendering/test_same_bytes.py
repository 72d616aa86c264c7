from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from countersign.workers.rendering.limits import Limits
from countersign.workers.rendering.renderer import Renderer

ContextOf = Callable[..., dict[str, Any]]
DIGEST_OF_A_RENDERING = """
import json, sys
from hashlib import sha256
from pathlib import Path
from countersign.workers.rendering.limits import Limits
from countersign.workers.rendering.renderer import Renderer
with Renderer() as renderer:
    template, context = Path(sys.argv[1]).read_bytes(), json.loads(Path(sys.argv[2]).read_text())
    print(sha256(renderer.render(template, context, Limits()).docx).hexdigest())
"""


def test_equal_input_gives_equal_bytes_in_any_process(
    renderer: Renderer, template: bytes, context_of: ContextOf, sample: dict[str, Any], tmp_path: Path
) -> None:
    context = context_of(sample, kind="review")
    here = [sha256(renderer.render(template, context, Limits()).docx).hexdigest() for _ in range(3)]
    (tmp_path / "template").write_bytes(template)
    (tmp_path / "context").write_text(json.dumps(context), encoding="utf-8")
    elsewhere = [_digest_elsewhere(tmp_path, seed) for seed in ("1", "2")]
    assert len({*here, *elsewhere}) == 1


def _digest_elsewhere(folder: Path, seed: str) -> str:
    command = [sys.executable, "-c", DIGEST_OF_A_RENDERING, str(folder / "template"), str(folder / "context")]
    return subprocess.check_output(
        command, env=os.environ | {"PYTHONHASHSEED": seed}, text=True, timeout=60
    ).strip()


def test_other_content_gives_other_bytes(
    renderer: Renderer, template: bytes, context_of: ContextOf, sample: dict[str, Any]
) -> None:
    before = renderer.render(template, context_of(sample), Limits()).docx
    sample["digital_inputs"][0]["comment"] = "changed"
    assert renderer.render(template, context_of(sample), Limits()).docx != before


def test_nothing_in_the_package_tells_when_it_was_made(
    renderer: Renderer, template: bytes, context_of: ContextOf, sample: dict[str, Any]
) -> None:
    with ZipFile(BytesIO(renderer.render(template, context_of(sample), Limits()).docx)) as package:
        entries = package.infolist()
    names = [entry.filename for entry in entries]
    assert names == ["[Content_Types].xml", *sorted(names[1:])]
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
