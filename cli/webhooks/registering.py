"""The verbs that draw a secret, and show it this once."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID, uuid4

from countersign.aggregates.webhook.public_events import PublicType
from countersign.aggregates.webhook.subscription import WebhookSubscription
from countersign.aggregates.webhook.terms import Only
from countersign.cli.foundation import Foundation
from countersign.cli.giving import add_giving, give
from countersign.cli.invocation import Invocation, UsageError
from countersign.cli.projections.verb import Verb
from countersign.cli.webhooks.listing import add_id
from countersign.commands.webhook.register_webhook import RegisterWebhook
from countersign.commands.webhook.rotate_webhook_secret import RotateWebhookSecret


def _register(invocation: Invocation) -> int:
    return give(invocation, _registration, "It is told from now on. Keep its secret:", _secret_of)


def _rotate(invocation: Invocation) -> int:
    return give(invocation, _rotation, "Both secrets sign for the overlap. Keep the new one:", _secret_of)


def _registration(given: argparse.Namespace, _base: Foundation) -> RegisterWebhook:
    return RegisterWebhook(
        webhook_id=uuid4(),
        name=given.name,
        url=given.url,
        event_types=tuple(given.event_type or ()),
        only=Only(tuple(given.report_type or ()), given.project, given.client),
        headers=dict(map(_header, given.header or ())),
    )


def _header(text: str) -> tuple[str, str]:
    name, colon, value = text.partition(":")
    if not colon:
        raise UsageError("A header is written as `NAME: VALUE`.")
    return name.strip(), value.strip()


def _rotation(given: argparse.Namespace, _base: Foundation) -> RotateWebhookSecret:
    return RotateWebhookSecret(webhook_id=given.id, overlap_s=given.overlap_s)


def _secret_of(command: RegisterWebhook | RotateWebhookSecret, base: Foundation) -> Mapping[str, Any]:
    webhook_id: UUID = command.webhook_id
    webhook = base.store.aggregates.find(WebhookSubscription, webhook_id)
    return {"webhook_id": webhook_id, "secret": None if webhook is None else str(webhook.secret)}


def _register_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="what people call it")
    parser.add_argument("url", metavar="URL", help="where it listens: https://...")
    types = ", ".join(PublicType)
    parser.add_argument(
        "--event-type", action="append", metavar="TYPE", help=f"some of {types}; default: all"
    )
    parser.add_argument("--report-type", action="append", metavar="TYPE", help="only reports of these types")
    parser.add_argument("--project", default="", metavar="REFERENCE", help="only reports of this project")
    parser.add_argument("--client", default="", metavar="NAME", help="only reports for this client")
    parser.add_argument("--header", action="append", metavar="'NAME: VALUE'", help="sent along; kept sealed")
    add_giving(parser)


def _rotate_arguments(parser: argparse.ArgumentParser) -> None:
    add_id(parser)
    parser.add_argument(
        "--overlap-s",
        type=int,
        default=86_400,
        metavar="SECONDS",
        help="how long the secret before signs as well (default: a day)",
    )
    add_giving(parser)


REGISTER: Final = Verb(
    name="register",
    summary="have an endpoint told of what happens from now on",
    run=_register,
    add_arguments=_register_arguments,
)
ROTATE: Final = Verb(
    name="rotate-secret",
    summary="exchange its secret; both sign for a while",
    run=_rotate,
    add_arguments=_rotate_arguments,
)
