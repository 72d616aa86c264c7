"""`countersign keys`: the keys that sign access tokens, made and retired while the service runs."""

from __future__ import annotations

import argparse
from datetime import datetime, timedelta
from typing import Any

from countersign.cli.foundation import utc_now
from countersign.cli.invocation import Invocation, Subcommand, UsageError
from countersign.cli.listing import show_rows
from countersign.cli.rotate_master import rotate_master
from countersign.cli.screen import say, show_json
from countersign.cli.secret_notes import noted, retired_signing_key, secrets_in_use
from countersign.cli.wrap_master import unwrap_master, wrap_master
from countersign.config.key_files import check_keys
from countersign.config.signing_key_files import (
    SigningKeyFile,
    add_signing_key,
    load_signing_keys,
    retire_signing_key,
    signer,
)

_COLUMNS = ("id", "state", "signs_from", "file")


def run(invocation: Invocation) -> int:
    """List, rotate or retire; running servers see the change by themselves."""
    check_keys(invocation.settings.keys_dir, refuse_readable_by_others=False)  # a folder that is whole
    actions = {
        "list": _list,
        "rotate": _rotate,
        "retire": _retire,
        "rotate-master": rotate_master,
        "wrap-master": wrap_master,
        "unwrap-master": unwrap_master,
    }
    actions[invocation.arguments.action](invocation, utc_now())
    return 0


def _list(invocation: Invocation, now: datetime) -> None:
    keys = load_signing_keys(invocation.settings.keys_dir)
    signing = signer(keys, now)
    rows = [_row(key, signing, now) for key in keys]
    if invocation.arguments.json:
        show_json({"keys": rows})
    else:
        show_rows(_COLUMNS, rows)


def _row(key: SigningKeyFile, signing: SigningKeyFile, now: datetime) -> dict[str, Any]:
    state = "signs" if key is signing else "coming" if key.signs_from > now else "checks"
    return {"id": key.id, "state": state, "signs_from": key.signs_from, "file": str(key.path)}


def _rotate(invocation: Invocation, now: datetime) -> None:
    settings, lead_s = invocation.settings, invocation.arguments.lead
    lead = timedelta(seconds=settings.tokens.signing_key_lead_s if lead_s is None else lead_s)
    key = add_signing_key(settings.keys_dir, now + lead)
    trouble = noted(settings, tuple(secrets_in_use(settings)))
    if invocation.arguments.json:
        show_json({"id": key.id, "signs_from": key.signs_from, "file": str(key.path), "noted": not trouble})
    else:
        say(
            f"{key.id} is published now and signs from {key.signs_from:%Y-%m-%d %H:%M:%S} UTC. Back the keys "
            f"up, and copy {key.path.name} to every other machine of the service before that moment."
        )
        if trouble:
            say(f"The log of events does not know it yet, `countersign work` will tell it: {trouble}")


def _retire(invocation: Invocation, now: datetime) -> None:
    settings, given = invocation.settings, invocation.arguments
    if given.id is None:
        raise UsageError("Name the key: `countersign keys retire ID`.")
    lifetime = timedelta(seconds=settings.tokens.access_lifetime_s)
    retired = retire_signing_key(settings.keys_dir, given.id, now, lifetime, at_once=given.now)
    trouble = noted(settings, [retired_signing_key(retired.id)])
    if given.json:
        show_json({"id": retired.id, "file": str(retired.path), "noted": not trouble})
    else:
        say(f"{retired.id} is destroyed: {retired.path.name} is gone; tokens that it signed are refused.")
        if trouble:
            say(f"The log of events does not know it: {trouble}")


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = ("list", "rotate", "retire", "rotate-master", "wrap-master", "unwrap-master")
    parser.add_argument(
        "action", nargs="?", choices=actions, default="list", help="what to do (default: list)"
    )
    parser.add_argument("id", nargs="?", help="the key to retire")
    parser.add_argument(
        "--lead",
        type=_seconds,
        metavar="SECONDS",
        help="rotate: how long it is published before it signs (setting: tokens.signing_key_lead_s)",
    )
    parser.add_argument(
        "--now",
        action="store_true",
        help="retire: at once, though tokens of it are still good (a stolen key)",
    )
    parser.add_argument(
        "--prepare",
        action="store_true",
        help="rotate-master: make the new key only, to be copied to the other machines before it is used",
    )
    parser.add_argument(
        "--dry-run",
        action="store_true",
        help="rotate-master: say what would be done, after opening every key",
    )
    parser.add_argument("--json", action="store_true", help="print one document for scripts")


def _seconds(text: str) -> int:
    seconds = int(text)
    if not 0 <= seconds <= 30 * 86_400:
        raise argparse.ArgumentTypeError("a lead is 0 seconds to 30 days")
    return seconds


SUBCOMMAND = Subcommand(
    name="keys",
    summary="the keys that sign tokens: list, rotate, retire; the master key: exchange, Vault's keeping",
    description="List the keys that sign access tokens, add a new one, or destroy one that is not needed. "
    "rotate-master makes another master key and wraps the keys of people anew. "
    "wrap-master has Vault encrypt the master key, or do it anew after a rotation; unwrap-master ends that.",
    run=run,
    add_arguments=_add_arguments,
)
