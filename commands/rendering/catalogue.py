"""Every command about documents, and the handler that decides it."""

from __future__ import annotations

from collections.abc import Mapping

from countersign.commands.handler import Handler
from countersign.commands.rendering.call_off_review_copy import CallOffReviewCopy, call_off_review_copy
from countersign.commands.rendering.cancel_rendering import CancelRendering, cancel_rendering
from countersign.commands.rendering.complete_rendering import CompleteRendering, complete_rendering
from countersign.commands.rendering.discard_rendering import DiscardRendering, discard_rendering
from countersign.commands.rendering.fail_rendering import FailRendering, fail_rendering
from countersign.commands.rendering.request_rendering import RequestRendering, request_rendering
from countersign.commands.rendering.retry_rendering import RetryRendering, retry_rendering
from countersign.commands.rendering.start_rendering import StartRendering, start_rendering


def handlers() -> Mapping[type, Handler]:
    """The handlers by the class of their message."""
    return {
        RequestRendering: request_rendering,
        StartRendering: start_rendering,
        CompleteRendering: complete_rendering,
        FailRendering: fail_rendering,
        RetryRendering: retry_rendering,
        CancelRendering: cancel_rendering,
        CallOffReviewCopy: call_off_review_copy,
        DiscardRendering: discard_rendering,
    }
