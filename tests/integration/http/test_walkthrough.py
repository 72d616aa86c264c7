"""docs/walkthrough.md can be pasted, from top to bottom, and works."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from tests.integration.http.service import ROOT
from tests.ports import free_port

TOOLS = ("bash", "curl", "jq", "sha256sum")


@pytest.mark.slow
@pytest.mark.skipif(not all(map(shutil.which, TOOLS)), reason=f"needs {', '.join(TOOLS)}")
def test_the_walk_through_works_when_pasted(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "walkthrough.md").read_text(encoding="utf-8")
    script = "\n".join(re.findall(r"```bash\n(.*?)```", text, re.DOTALL)).replace("8090", str(free_port()))
    environment = {
        **os.environ,
        "PATH": f"{_command_line(tmp_path)}:{os.environ['PATH']}",
        "TMPDIR": str(tmp_path),
    }

    ran = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert ran.returncode == 0, ran.stdout + ran.stderr
    (document,) = tmp_path.glob("*/KAL-SAT-001_R0.docx")
    assert ran.stdout.count(sha256(document.read_bytes()).hexdigest()) == 2
    assert '"stage":1,"due_at"' in ran.stdout
    assert "Petra Lindqvist  Revision R0 issued (final) to 1 recipient" in ran.stdout


def _command_line(folder: Path) -> Path:
    programs = folder / "programs"
    programs.mkdir()
    program = programs / "countersign"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m countersign.cli.main "$@"\n')
    program.chmod(0o755)
    return programs
