"""The options that every verb takes: where the service lies."""

from __future__ import annotations

import argparse


def add_places(parser: argparse.ArgumentParser, default: str | None = None) -> None:
    """Add them; with `argparse.SUPPRESS` as default, what is not given is left as it was."""
    parser.add_argument(
        "--data-dir",
        metavar="FOLDER",
        default=default,
        help="where data, keys and logs lie (setting: data_dir)",
    )
    parser.add_argument(
        "--database-url", metavar="URL", default=default, help="a PostgreSQL database (setting: database.url)"
    )
    parser.add_argument(
        "--redis-url", metavar="URL", default=default, help="a Redis server (setting: redis.url)"
    )
