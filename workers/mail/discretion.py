"""Words about a mail without the people in them: they are logged, and kept unsealed."""

from __future__ import annotations

import re

ADDRESS = re.compile(r"<?[^\s<>@]+@[^\s<>@]+>?")
IN_ITS_PLACE = "(address)"


def without_addresses(text: str) -> str:
    """The text, each address in it struck out."""
    return ADDRESS.sub(IN_ITS_PLACE, text)


def without_recipient(text: str, recipient: str) -> str:
    """The text without any address, and without the recipient's local part, which servers also give alone."""
    whole = re.compile(f"<?{re.escape(recipient)}>?", re.IGNORECASE)
    local_part = re.escape(recipient.rpartition("@")[0])
    alone = re.compile(rf"(?<!\w){local_part}(?!\w)", re.IGNORECASE)
    return alone.sub(IN_ITS_PLACE, without_addresses(whole.sub(IN_ITS_PLACE, text)))
