from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from countersign.workers.rendering import pdf
from countersign.workers.rendering.failures import RenderTimeout
from countersign.workers.rendering.pdf import ConverterMissing, soffice_path, to_pdf

needs_libreoffice = pytest.mark.skipif(
    soffice_path() is None, reason="LibreOffice is NOT INSTALLED: the conversion to PDF is NOT TESTED here"
)


@pytest.mark.libreoffice
@pytest.mark.slow
@needs_libreoffice
def test_the_document_opens_and_every_value_of_the_sample_is_printed(
    render: Callable[[dict[str, Any]], bytes],
    context_of: Callable[..., dict[str, Any]],
    sample: dict[str, Any],
) -> None:
    pages = PdfReader(BytesIO(to_pdf(render(context_of(sample)), timeout_s=120))).pages
    assert 8 <= len(pages) <= 14
    printed = _squeezed("".join(page.extract_text() for page in pages))
    for row in sample["digital_outputs"] + sample["scada_verification"]:
        for key, value in row.items():
            assert key in {"id", "result"} or _squeezed(value) in printed, (key, value)


@pytest.mark.libreoffice
@needs_libreoffice
def test_a_conversion_that_takes_too_long_is_stopped(
    render: Callable[[dict[str, Any]], bytes], context_of: Callable[..., dict[str, Any]]
) -> None:
    started = time.monotonic()
    with pytest.raises(RenderTimeout):
        to_pdf(render(context_of({})), timeout_s=0.2)
    assert time.monotonic() - started < 10


TELLTALE = """#!/bin/sh
for source; do :; done
{ env; echo "memory $(ulimit -v)"; echo "processor $(ulimit -t)"; } > "${source%.docx}.pdf"
"""


def test_the_converter_is_told_no_secret_and_is_limited(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / "telltale"
    program.write_text(TELLTALE)
    program.chmod(0o755)
    monkeypatch.setattr(pdf, "PROGRAMS", (str(program),))
    monkeypatch.setenv("COUNTERSIGN_DATABASE_URL", "postgresql://countersign:secret@db/countersign")

    told = to_pdf(b"a Word file", timeout_s=30.5).decode().splitlines()

    names = {line.partition("=")[0] for line in told if "=" in line}
    assert "PATH" in names
    assert not any(name.startswith("COUNTERSIGN") for name in names)
    assert not any("secret" in line for line in told)
    (home,) = (line for line in told if line.startswith("HOME="))
    assert Path(home.removeprefix("HOME=")).name.startswith("countersign-pdf-")
    assert "processor 31" in told
    if sys.platform == "linux":
        assert f"memory {pdf.MEMORY_BYTES // 1024}" in told


def test_without_libreoffice_it_is_said_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "PROGRAMS", ("no-such-program",))
    assert soffice_path() is None
    with pytest.raises(ConverterMissing, match="LibreOffice is not installed"):
        to_pdf(b"", timeout_s=1)


def _squeezed(text: str) -> str:
    """Without white space, which a PDF puts where lines end."""
    return re.sub(r"\s+", "", text)
