"""`countersign mail preview`: the letters as files that a mail program opens."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from countersign.aggregates.email_contents import WITHOUT_OCCASION, EmailPurpose
from countersign.cli.foundation import utc_now
from countersign.cli.invocation import Invocation
from countersign.cli.screen import say, show_json
from countersign.workers.mail.specimen import specimen


def preview(invocation: Invocation) -> int:
    """Write a letter of each purpose, or of the one named; nothing is sent."""
    settings, given = invocation.settings, invocation.arguments
    folder: Path = given.folder
    folder.mkdir(parents=True, exist_ok=True)
    written, purposes = [], _purposes(given.subject)
    for purpose in purposes:
        letter = specimen(purpose, settings.smtp.from_address, settings.http.public_url, utc_now())
        file = folder / f"{purpose}.eml"
        file.write_bytes(letter.content)
        written.append(str(file))
    if given.json:
        show_json({"written": written, "without_occasion": _without_occasion(purposes)})
    else:
        say("\n".join(written))
        say("Open them with a mail program. Nothing was sent.")
        if rare := _without_occasion(purposes):
            say(f"Nothing causes these yet: {', '.join(rare)}.")
    return 0


def _purposes(named: str | None) -> Sequence[EmailPurpose]:
    return tuple(EmailPurpose) if named is None else (EmailPurpose(named),)


def _without_occasion(purposes: Sequence[EmailPurpose]) -> list[str]:
    return [purpose for purpose in purposes if purpose in WITHOUT_OCCASION]
