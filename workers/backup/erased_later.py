"""Whoever was erased after a backup was made: its keys must not bring them back."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable
from uuid import UUID

from countersign.eventstore.backup.manifest import Manifest
from countersign.eventstore.backup.people_keys import register_of
from countersign.eventstore.backup.refusals import BackupForeign, BackupUnusable
from countersign.workers.backup.repository import Repository

logger = logging.getLogger(__name__)


class RegisterUnreadable(BackupUnusable):
    """Nobody knows who was erased lately: the newest register of erasures in the target cannot be read."""


def erased_later(
    repository: Repository, manifest: Manifest, *, known: Iterable[UUID] | None, without: Collection[str]
) -> set[UUID]:
    """Who must stay erased, by the registers of all later backups and by the `known` one of a living service.

    Registers only grow, so one that is damaged is made up for by any later one, or by the known one. Those of
    the backups named in `without` are left out.

    Raises:
        RegisterUnreadable: a damaged one is the newest of all, and none is known.
    """
    gone, made_up_for = set(known or ()), known is not None
    for name in reversed(
        [each for each in repository.names() if each > manifest.name and each not in without]
    ):
        try:
            gone |= register_of(repository.target, repository.key, name)
        except BackupForeign:  # another installation keeps its backups there, too: of nobody here
            continue
        except BackupUnusable as damaged:
            if not made_up_for:
                raise RegisterUnreadable(_SENTENCE.format(name=name, why=damaged)) from damaged
            logger.warning("register of erasures passed over", extra={"backup": name, "reason": f"{damaged}"})
        else:
            made_up_for = True
    return gone


_SENTENCE = (
    "who was erased until {name} was made is not known, since its part `keys` cannot be read ({why}): mend "
    "that file, or restore `--without-register-of {name}`, and then erase again by hand whoever was erased "
    "since the backup before it"
)
