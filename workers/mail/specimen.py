"""A letter that nobody gets: how a purpose looks, with the example of each of its facts."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from countersign.aggregates.email_contents import EmailPurpose
from countersign.workers.mail.facts import examples
from countersign.workers.mail.letter import Letter, write_letter
from countersign.workers.mail.letter_text import letter_text

READER: Final = "Ada Example"
READERS_ADDRESS: Final = "ada@example.com"


def specimen(purpose: EmailPurpose, sender: str, public_url: str, at: datetime) -> Letter:
    """The letter as it would be handed to the mail server."""
    facts = examples(purpose) | {"service": public_url}
    return write_letter(
        email_id=UUID(int=0),
        message_id="<specimen@example.com>",
        at=at,
        sender=sender,
        name=READER,
        to=READERS_ADDRESS,
        text=letter_text(purpose, READER, facts),
    )
