from __future__ import annotations

import re
import time
from collections.abc import Callable
from io import BytesIO
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


def test_without_libreoffice_it_is_said_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "PROGRAMS", ("no-such-program",))
    assert soffice_path() is None
    with pytest.raises(ConverterMissing, match="LibreOffice is not installed"):
        to_pdf(b"", timeout_s=1)


def _squeezed(text: str) -> str:
    """Without white space, which a PDF puts where lines end."""
    return re.sub(r"\s+", "", text)
