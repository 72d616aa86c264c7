"""Every command about read models, and the handler that decides it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from countersign.commands.handler import Handler
from countersign.commands.options import Options
from countersign.commands.read_model.approve_discard import ApproveDiscard, approve_discard
from countersign.commands.read_model.cancel_rebuild import CancelRebuild, cancel_rebuild
from countersign.commands.read_model.note_promotion import NotePromotion, note_promotion
from countersign.commands.read_model.order_promotion import OrderPromotion, order_promotion
from countersign.commands.read_model.order_rebuild import OrderRebuild, order_rebuild
from countersign.commands.read_model.order_retirement import OrderRetirement, order_retirement
from countersign.commands.read_model.order_rollback import OrderRollback, order_rollback
from countersign.commands.read_model.pause_projection import PauseProjection, pause_projection
from countersign.commands.read_model.propose_discard import ProposeDiscard, propose_discard
from countersign.commands.read_model.resume_projection import ResumeProjection, resume_projection
from countersign.commands.read_model.retry_letters import RetryLetters, retry_letters


def handlers(options: Options) -> Mapping[type, Handler]:
    """The handlers by the class of their message."""
    models = options.read_models
    return {
        OrderRebuild: partial(order_rebuild, models=models),
        CancelRebuild: partial(cancel_rebuild, models=models),
        OrderPromotion: partial(order_promotion, models=models),
        OrderRollback: partial(order_rollback, models=models),
        OrderRetirement: partial(order_retirement, models=models),
        NotePromotion: partial(note_promotion, models=models),
        PauseProjection: partial(pause_projection, models=models),
        ResumeProjection: partial(resume_projection, models=models),
        RetryLetters: partial(retry_letters, models=models),
        ProposeDiscard: partial(propose_discard, models=models),
        ApproveDiscard: partial(approve_discard, models=models),
    }
