"""`countersign webhooks`: who is told of what happens here, and how that goes."""

from __future__ import annotations

import argparse
from typing import Final

from countersign.cli.invocation import Subcommand
from countersign.cli.projections.verb import Verb
from countersign.cli.verbs import add_verbs, run_verb
from countersign.cli.webhooks.deciding import CANCEL, DELETE, PAUSE, REPLAY, RESEND, RESUME, TEST
from countersign.cli.webhooks.listing import DELIVERIES, DELIVERY, LIST
from countersign.cli.webhooks.registering import REGISTER, ROTATE

_VERBS: Final[tuple[Verb, ...]] = (
    LIST,
    REGISTER,
    ROTATE,
    PAUSE,
    RESUME,
    TEST,
    DELIVERIES,
    DELIVERY,
    RESEND,
    CANCEL,
    REPLAY,
    DELETE,
)


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    add_verbs(parser, _VERBS, unless_named=LIST)


SUBCOMMAND = Subcommand(
    name="webhooks",
    summary="endpoints that are told of what happens: register, pause, test, resend, replay",
    description="`list` shows the endpoints, what waits for each and what was given up; `deliveries ID` what "
    "was sent to one. Orders are recorded in your name (`--as E-MAIL`): administrators register, exchange "
    "secrets, pause and replay, operators send again what was given up. See docs/webhooks.md.",
    run=run_verb,
    add_arguments=_add_arguments,
)
