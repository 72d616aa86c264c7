"""What a refusal for good says about the address: told by the enhanced status code (RFC 3463)."""

from __future__ import annotations

import re
from typing import Final

ENHANCED: Final = re.compile(r"\s*5\.\d{1,3}\.\d{1,3}(?!\S)")
DEAD_ADDRESS: Final = frozenset(
    {
        "5.1.1",  # no such mailbox
        "5.1.2",  # no such domain
        "5.1.3",  # not an address
        "5.1.6",  # the mailbox has moved, to nobody knows where
        "5.1.10",  # the domain takes no mail (RFC 7505)
        "5.2.1",  # the mailbox is disabled
    }
)


def is_dead(reply_code: int, reply: str) -> bool:
    """Whether nobody can be reached there: every other mail to this address would be refused, too.

    A plain 550 does not tell: it is also how servers refuse a content or a sender.
    """
    enhanced = ENHANCED.match(reply)
    return reply_code // 100 == 5 and enhanced is not None and enhanced.group().strip() in DEAD_ADDRESS
