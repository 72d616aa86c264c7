"""The verbs by which a webhook is paused, resumed, tried, told once more and deleted."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from functools import partial
from typing import Any, Final
from uuid import uuid4

from countersign.aggregates.webhook.delivery import delivery_id
from countersign.cli.foundation import Foundation
from countersign.cli.giving import Make, Tell, add_giving, give
from countersign.cli.invocation import Invocation
from countersign.cli.projections.verb import Verb
from countersign.cli.webhooks.listing import add_id
from countersign.commands.webhook.cancel_delivery import CancelDelivery
from countersign.commands.webhook.delete_webhook import DeleteWebhook
from countersign.commands.webhook.pause_webhook import PauseWebhook
from countersign.commands.webhook.replay_webhook import ReplayWebhook
from countersign.commands.webhook.resend_delivery import ResendDelivery
from countersign.commands.webhook.resume_webhook import ResumeWebhook
from countersign.commands.webhook.try_webhook import TryWebhook


def _pause(given: argparse.Namespace, _base: Foundation) -> PauseWebhook:
    return PauseWebhook(webhook_id=given.id, reason=given.reason)


def _resume(given: argparse.Namespace, _base: Foundation) -> ResumeWebhook:
    return ResumeWebhook(webhook_id=given.id)


def _delete(given: argparse.Namespace, _base: Foundation) -> DeleteWebhook:
    return DeleteWebhook(webhook_id=given.id, reason=given.reason)


def _try(given: argparse.Namespace, _base: Foundation) -> TryWebhook:
    return TryWebhook(webhook_id=given.id, test_id=uuid4())


def _resend(given: argparse.Namespace, _base: Foundation) -> ResendDelivery:
    return ResendDelivery(delivery_id=given.id, reason=given.reason)


def _cancel(given: argparse.Namespace, _base: Foundation) -> CancelDelivery:
    return CancelDelivery(delivery_id=given.id, reason=given.reason)


def _replay(given: argparse.Namespace, base: Foundation) -> ReplayWebhook:
    last = given.to_position or max(given.from_position, base.log.head())
    return ReplayWebhook(webhook_id=given.id, from_position=given.from_position, to_position=last)


def _nothing(_command: Any, _base: Foundation) -> Mapping[str, Any]:
    return {}


def _delivery_of(command: TryWebhook, _base: Foundation) -> Mapping[str, Any]:
    return {"delivery_id": delivery_id(command.webhook_id, command.test_id)}


def _span(command: ReplayWebhook, _base: Foundation) -> Mapping[str, Any]:
    return {"from_position": command.from_position, "to_position": command.to_position}


def _run(make: Make, done: str, tell: Tell, invocation: Invocation) -> int:
    return give(invocation, make, done, tell)


def _arguments(parser: argparse.ArgumentParser, what: str = "webhook") -> None:
    add_id(parser, what)
    add_giving(parser)


def _reasoned_arguments(parser: argparse.ArgumentParser, what: str = "webhook") -> None:
    _arguments(parser, what)
    parser.add_argument("--reason", default="", metavar="TEXT", help="why; kept in the history")


def _replay_arguments(parser: argparse.ArgumentParser) -> None:
    _arguments(parser)
    parser.add_argument("--from", dest="from_position", type=int, required=True, metavar="POSITION")
    parser.add_argument("--to", dest="to_position", type=int, metavar="POSITION", help="default: the end")


PAUSE: Final = Verb(
    name="pause",
    summary="keep what happens for it until it is resumed",
    run=partial(_run, _pause, "It is paused: what happens is kept for it.", _nothing),
    add_arguments=_reasoned_arguments,
)
RESUME: Final = Verb(
    name="resume",
    summary="send what was kept, in order, and go on",
    run=partial(_run, _resume, "It is resumed.", _nothing),
    add_arguments=_arguments,
)
TEST: Final = Verb(
    name="test",
    summary="send it an event of the type webhook.test, once",
    run=partial(_run, _try, "A test is on its way: see `countersign webhooks delivery`.", _delivery_of),
    add_arguments=_arguments,
)
RESEND: Final = Verb(
    name="resend",
    summary="send a delivery once more, under its id and with all its attempts",
    run=partial(_run, _resend, "It is sent once more.", _nothing),
    add_arguments=partial(_reasoned_arguments, what="delivery"),
)
CANCEL: Final = Verb(
    name="cancel",
    summary="have a delivery not sent, so that those behind it go on; needs --reason",
    run=partial(_run, _cancel, "It is not sent.", _nothing),
    add_arguments=partial(_reasoned_arguments, what="delivery"),
)
REPLAY: Final = Verb(
    name="replay",
    summary="tell it once more of what happened between two positions",
    run=partial(_run, _replay, "It is told once more, under the ids of the first time.", _span),
    add_arguments=_replay_arguments,
)
DELETE: Final = Verb(
    name="delete",
    summary="tell it nothing any more; what waits for it is dropped",
    run=partial(_run, _delete, "It is deleted.", _nothing),
    add_arguments=_reasoned_arguments,
)
