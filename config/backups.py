"""Settings of backups: where they go, and how long they are kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from countersign.config.bounds import Count, Matching, Seconds, WebAddress
from countersign.config.secret import Secret
from countersign.config.vault.section import NameOrNone

Target = Annotated[
    str,
    Matching(
        r"s3://[a-z0-9][a-z0-9.\-]{1,61}[a-z0-9](/\S*)?|(?!s3:).*", "a folder, s3://bucket/prefix, or empty"
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """Where backups go; without a `target` none are made.

    A relative folder counts from `data_dir`, and is worth little on the same disk. One that is older than
    `keep_days` is thrown away, but never one of the newest `keep_at_least`. To make or to prove one may take
    `time_limit_s`, which goes before the limit of the queue. The keys are those of the object store of an
    `s3://` target, empty for what the machine itself was given.
    """

    target: Target
    keep_days: Count
    keep_at_least: Count
    time_limit_s: Seconds
    s3_endpoint: WebAddress
    s3_region: NameOrNone
    s3_access_key: Secret
    s3_secret_key: Secret


def backup_rules(backup: Backup) -> Iterator[tuple[str, str]]:
    """The path of each setting that does not go with the others, and what was expected."""
    if bool(backup.s3_access_key) is not bool(backup.s3_secret_key):
        yield "backup.s3_secret_key", "expected together with backup.s3_access_key, or neither"
