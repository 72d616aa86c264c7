"""The rules that the making of a document can break."""

from __future__ import annotations

from countersign.aggregates.root import DomainError


class RenderingFinished(DomainError):
    """The document is there, was given up, or is not wanted any more."""

    code = "rendering_finished"


class RenderingNotRunning(DomainError):
    """An outcome was reported of an attempt that nobody began."""

    code = "rendering_not_running"


class RenderingNotGivenUp(DomainError):
    """Only what was given up can be taken up again or laid aside."""

    code = "rendering_not_given_up"
