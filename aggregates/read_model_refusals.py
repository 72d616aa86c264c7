"""The ways in which an order about a read model is refused."""

from __future__ import annotations

from typing import Final

from countersign.aggregates.root import DomainError

SHORTEST_REASON: Final = 10
LONGEST_REASON: Final = 500


class ReasonRequired(DomainError):
    """Whoever changes what others read says why."""

    code = "reason_required"
    status = 422


class InvalidSegments(DomainError):
    """A read model is split into as many parts as processes may work on it, where it can be split at all."""

    code = "invalid_segments"
    status = 422


class RebuildUnderWay(DomainError):
    """There is a build already that was neither shown nor given up."""

    code = "rebuild_under_way"


class UnknownBuild(DomainError):
    """No build of that number was ever ordered."""

    code = "unknown_build"
    status = 404


class BuildShown(DomainError):
    """Readers see this build: it stays until another takes its place."""

    code = "build_shown"


class BuildGone(DomainError):
    """The tables of this build were given up."""

    code = "build_gone"


class NotCancellable(DomainError):
    """Only a build that was never shown is cancelled; one that was is retired."""

    code = "build_not_cancellable"


class NothingToRollBackTo(DomainError):
    """No earlier build was kept."""

    code = "nothing_to_roll_back_to"


class AlreadyPaused(DomainError):
    """It stands still already."""

    code = "projection_paused"


class DiscardAlreadyProposed(DomainError):
    """Somebody has proposed it: a second person decides."""

    code = "discard_already_proposed"


class NoDiscardProposed(DomainError):
    """Nobody has proposed to discard this letter."""

    code = "no_discard_proposed"


class SecondPersonRequired(DomainError):
    """What cannot be undone takes two people."""

    code = "second_person_required"
    status = 403


def reasoned(reason: str) -> str:
    """The reason on one line.

    Raises:
        ReasonRequired: it has under `SHORTEST_REASON` characters, or over `LONGEST_REASON`.
    """
    said = " ".join(reason.split())
    if not SHORTEST_REASON <= len(said) <= LONGEST_REASON:
        wanted = f"needs {SHORTEST_REASON} to {LONGEST_REASON} characters"
        raise ReasonRequired(f"The reason {wanted}.", (("/reason", wanted),))
    return said
