"""How a rendering can fail: each class names the failure class that decides about another attempt."""

from __future__ import annotations

from typing import ClassVar


class RenderFailure(Exception):
    """A document was not made, for a reason that nobody has named yet."""

    failure_class: ClassVar[str] = "unknown"


class TemplateInvalid(RenderFailure):
    """Template and content do not make a sound Word document; the same input will fail again."""

    failure_class = "validation"


class RenderLimitExceeded(RenderFailure):
    """The rendering needed more processor time, memory or rows than it was given."""

    failure_class = "validation"


class RenderTimeout(RenderFailure):
    """The rendering was stopped because its time was over; the machine may only have been busy."""

    failure_class = "timeout"


class RendererLost(RenderFailure):
    """A rendering process died on its own."""

    failure_class = "transient"
