"""Every command about broadcasts, and the handler that decides it."""

from __future__ import annotations

from collections.abc import Mapping

from countersign.commands.broadcast.cancel_broadcast import CancelBroadcast, cancel_broadcast
from countersign.commands.broadcast.order_broadcast import OrderBroadcast, order_broadcast
from countersign.commands.broadcast.progress_broadcast import ProgressBroadcast, progress_broadcast
from countersign.commands.handler import Handler


def handlers() -> Mapping[type, Handler]:
    """The handlers by the class of their message."""
    return {
        OrderBroadcast: order_broadcast,
        CancelBroadcast: cancel_broadcast,
        ProgressBroadcast: progress_broadcast,
    }
