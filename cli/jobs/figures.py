"""`countersign jobs stats`: states, failures by class, and what ended over time."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from datetime import timedelta

from countersign.cli.foundation import utc_now
from countersign.cli.ledger import Ledger
from countersign.cli.listing import show_rows
from countersign.cli.screen import say, show_json
from countersign.projections.work.job_figures import failures, spans, standings

_DAYS_FROM_H = 72


def show_figures(opened: Ledger, given: argparse.Namespace) -> int:
    """Count what was wanted in the last hours."""
    read, since = opened.databases.read, utc_now() - timedelta(hours=given.hours)
    unit = "day" if given.hours > _DAYS_FROM_H else "hour"
    states = [asdict(each) for each in standings(read, since)]
    failed = [asdict(each) for each in failures(read, since)]
    trend = [asdict(each) for each in spans(read, since, unit)]
    if given.json:
        show_json({"since": since, "unit": unit, "states": states, "failures": failed, "trend": trend})
        return 0
    if not states:
        say(f"Nothing was wanted in the last {given.hours} hours.")
        return 0
    show_rows(("kind", "state", "count"), states, "By state")
    if failed:
        show_rows(("kind", "failure_class", "state", "count", "last_at"), failed, "\nFailures")
    if trend:
        rounded = [
            each | {"mean_s": f"{each['mean_s']:.1f}", "longest_s": f"{each['longest_s']:.1f}"}
            for each in trend
        ]
        columns = ("at", "kind", "succeeded", "failed", "mean_s", "longest_s")
        show_rows(columns, rounded, f"\nEnded, by {unit}; seconds from being wanted to the end")
    return 0
