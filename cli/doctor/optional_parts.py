"""Parts that an installation may lack, and what is missing without them."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from typing import Final

from countersign.cli.doctor.finding import Finding, failed, ok, warning
from countersign.config.settings import Settings
from countersign.workers.rendering.pdf import soffice_path

_INSTALL: Final = "pip install 'countersign-server[standard]'"


def libreoffice(settings: Settings) -> Iterator[Finding]:
    """It makes PDF of Word documents."""
    wanted, program = settings.rendering.pdf, soffice_path()
    remedy = "Install LibreOffice (Debian: apt install libreoffice-writer), or set rendering.pdf to off."
    if wanted == "off":
        yield ok("libreoffice", "not wanted (rendering.pdf is off): no PDF")
    elif program is not None:
        yield ok("libreoffice", f"{program}: PDF can be made")
    elif wanted == "on":
        yield failed("libreoffice", "not found, and rendering.pdf is on", remedy)
    else:
        yield warning("libreoffice", "not found: documents are made as Word files only", remedy)


def drivers(settings: Settings) -> Iterator[Finding]:
    """What the extra `standard` brings, as far as the settings need it."""
    yield _driver("psycopg2", "PostgreSQL", needed=bool(settings.database.url))
    yield _driver("redis", "Redis", needed=bool(settings.redis.url))
    yield _driver("hvac", "Vault", needed=bool(settings.vault.address))


def _driver(module: str, what_for: str, *, needed: bool) -> Finding:
    subject = f"driver for {what_for}"
    if find_spec(module) is not None:
        return ok(subject, f"{module} is installed")
    if needed:
        return failed(subject, f"{module} is not installed", f"Run `{_INSTALL}`.")
    return ok(subject, f"{module} is not installed and not needed")
