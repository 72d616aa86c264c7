"""Settings of people's accounts: who may register, how long the codes in mails hold, what a hash costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from countersign.config.bounds import Between, Matching, Seconds, WholeSeconds

ForbiddenWord = Annotated[
    str, Matching(r"(?=(?:[\W_]*[^\W_]){4}).{4,100}", "a text with 4 letters or digits")
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """Whether strangers may register, and how many mails they may cause to one address.

    With `change_first_password` a password that an administrator has chosen for somebody lets them do nothing
    but choose their own.
    """

    self_registration: bool
    change_first_password: bool
    registration_lifetime_s: Annotated[int, Between(60, 7 * 86_400)]
    email_change_lifetime_s: WholeSeconds
    password_reset_lifetime_s: WholeSeconds
    letters_per_hour: Annotated[int, Between(1, 1_000)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Passwords:
    """The cost of one argon2id hash, and how many a process makes at once; what a new password may not be.

    `forbidden_words` may stand in none, in whatever case and with whatever between the letters: names of the
    company, its sites and products. `breached_file` has the SHA-1 of breached passwords as Pwned Passwords
    gives them out (`HASH:COUNT`, ordered by the hash); it may be replaced at any time.
    """

    memory_kib: Annotated[int, Between(1_024, 4 * 1024 * 1024)]
    passes: Annotated[int, Between(1, 100)]
    lanes: Annotated[int, Between(1, 64)]
    at_once: Annotated[int, Between(1, 64)]
    wait_s: Seconds
    forbidden_words: tuple[ForbiddenWord, ...]
    breached_file: str
