"""Answers as CSV (RFC 4180), safe to be opened in a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Final

from falcon import MEDIA_JSON, Request, Response

from countersign.http.parameters import Parameters
from countersign.projections.spreadsheet_cells import line

MEDIA_CSV: Final = "text/csv"
_SENT_AS: Final = f"{MEDIA_CSV}; charset=utf-8; header=present"
_KEPT_IN_MEMORY: Final = 1024 * 1024  # bytes
_BOM: Final = b"\xef\xbb\xbf"


class TableFormat(StrEnum):
    """How a table is sent."""

    JSON = "json"
    CSV = "csv"


class AlsoCsv(Parameters):
    """How the table is sent, else as `Accept` says; some spreadsheets know UTF-8 only by a `bom` in front."""

    format: TableFormat | None = None
    bom: bool = False


def wants_csv(req: Request, resp: Response, asked: AlsoCsv) -> bool:
    """Whether the caller prefers CSV to JSON."""
    resp.append_header("Vary", "Accept")
    if asked.format is not None:
        return asked.format is TableFormat.CSV
    return req.client_prefers((MEDIA_CSV, MEDIA_JSON)) == MEDIA_CSV and MEDIA_CSV in req.accept.lower()


def send_csv(
    resp: Response, file_name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], *, bom: bool
) -> None:
    """Send a table as a file; it is complete before the first byte is sent, and large ones wait on disk."""
    # Not here, but by the server it is closed, once it is sent.
    file: IO[bytes] = SpooledTemporaryFile(_KEPT_IN_MEMORY)  # noqa: SIM115
    try:
        file.write(_BOM if bom else b"")
        file.write(line(columns).encode())
        file.writelines(line(row).encode() for row in rows)
        size = file.tell()
        file.seek(0)
    except BaseException:
        file.close()
        raise
    resp.set_stream(file, size)
    resp.content_type = _SENT_AS
    resp.downloadable_as = file_name
