"""Notes which certificate the API shows, and when it is time to renew it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import uuid4

from countersign.commands.certificate.note_certificate import NoteCertificate
from countersign.eventstore.context import SYSTEM, Context
from countersign.workers.course import Course
from countersign.workers.issuer import Dispatch


class CertificateCheck:
    """Gives a command for the one that `look` finds; the certificate itself knows what was noted before."""

    def __init__(self, look: Callable[[], NoteCertificate | None], dispatcher: Dispatch) -> None:
        self._look = look
        self._dispatcher = dispatcher

    def __call__(self, now: datetime, course: Course) -> Mapping[str, str]:
        """Look; returns whose it is and how many days are left."""
        found = self._look()
        if found is None:
            return {"certificate": "none"}
        context = Context(
            actor=SYSTEM, command_key=str(uuid4()), correlation="certificate check", fresh_key=True
        )
        self._dispatcher.dispatch(found, context)
        return {"certificate": found.subject, "days_left": str((found.not_after - now).days)}
