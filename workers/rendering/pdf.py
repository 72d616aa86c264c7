"""PDF from a Word document, by LibreOffice where it is installed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory

from countersign.workers.rendering.failures import RendererLost, RenderTimeout, TemplateInvalid
from countersign.workers.rendering.harmless import harmless_environment
from countersign.workers.rendering.warm_process import unwatched

Watched = Callable[[Callable[[], None]], AbstractContextManager[None]]
PROGRAMS = ("soffice", "libreoffice", "/Applications/LibreOffice.app/Contents/MacOS/soffice")
MEMORY_BYTES = 4 << 30
# A shell sets the limits before LibreOffice is there; one that the platform does not know is left out.
LIMITED = '{ ulimit -c 0; ulimit -v "$1"; ulimit -t "$2"; } 2>/dev/null; shift 2; exec "$@"'


class ConverterMissing(TemplateInvalid):
    """There is no LibreOffice on this machine, so no PDF."""


def no_pdf(_docx: bytes, _timeout_s: float, _watched: Watched = unwatched) -> bytes:
    """What takes the place of `to_pdf` where the settings want none.

    Raises:
        ConverterMissing: always.
    """
    raise ConverterMissing("PDF is switched off on this installation (rendering.pdf)")


def soffice_path() -> str | None:
    """Where LibreOffice is, or nothing."""
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


def to_pdf(docx: bytes, timeout_s: float, watched: Watched = unwatched) -> bytes:
    """The document as PDF; each call has a profile of its own, since two cannot share one.

    LibreOffice learns none of the worker's secrets; its processor time is limited like its wall time.

    Raises:
        ConverterMissing: install LibreOffice (package libreoffice-writer).
        RenderTimeout: stopped with everything it had started.
        RendererLost: it ended without a PDF.
    """
    program = soffice_path()
    if program is None:
        raise ConverterMissing("LibreOffice is not installed")
    with TemporaryDirectory(prefix="countersign-pdf-") as name:
        folder = Path(name)
        source = folder / "document.docx"
        source.write_bytes(docx)
        said = _convert(program, source, timeout_s, watched)
        pdf = source.with_suffix(".pdf")
        if not pdf.exists():
            raise RendererLost(f"LibreOffice made no PDF: {said.decode(errors='replace').strip()}")
        return pdf.read_bytes()


def _convert(program: str, source: Path, timeout_s: float, watched: Watched) -> bytes:
    folder = source.parent
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    options = ["--headless", "--norestore", "--convert-to", "pdf", "--outdir", str(folder)]
    limits = [str(MEMORY_BYTES // 1024), str(ceil(timeout_s))]
    with subprocess.Popen(  # noqa: S603 - the program is LibreOffice, the file names are ours
        ["/bin/sh", "-c", LIMITED, "limited", *limits, program, profile, *options, str(source)],
        env=harmless_environment() | {"HOME": str(folder)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    ) as process:
        try:
            with watched(partial(_end_group, process)):
                said, _ = process.communicate(timeout=timeout_s)
        except subprocess.TimeoutExpired as late:
            raise RenderTimeout(f"LibreOffice was not finished after {timeout_s} s") from late
        finally:
            _end_group(process)
    return said


def _end_group(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
