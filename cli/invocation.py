"""What a subcommand is, and what it is given when it runs."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from countersign.config.layers import load_settings
from countersign.config.settings import Settings


class UsageError(Exception):
    """The call cannot mean anything; the message says how to call instead."""


@dataclass(frozen=True)
class Invocation:
    """One call: its arguments, and the settings that it gives itself, by dotted path."""

    arguments: argparse.Namespace
    overrides: Mapping[str, object]

    @cached_property
    def settings(self) -> Settings:
        """The settings that hold for this call. Raises `ConfigurationInvalid`."""
        return self.read()

    def read(self) -> Settings:
        """The settings, read again. Raises `ConfigurationInvalid`."""
        return load_settings(os.environ, self.overrides)


def _no_arguments(_parser: argparse.ArgumentParser) -> None:
    return None


def _no_overrides(_given: argparse.Namespace) -> Mapping[str, object]:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Subcommand:
    """One verb of the command line. `overrides` turns its arguments into settings, by dotted path.

    `serves`: it is a part of the service, which does not start in production when its settings are unfit.
    """

    name: str
    summary: str
    run: Callable[[Invocation], int]
    description: str = ""
    add_arguments: Callable[[argparse.ArgumentParser], None] = _no_arguments
    overrides: Callable[[argparse.Namespace], Mapping[str, object]] = _no_overrides
    serves: bool = False
