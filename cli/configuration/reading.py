"""Reading the settings of this process, or what they would be elsewhere."""

from __future__ import annotations

import os
from pathlib import Path

from countersign.cli.invocation import Invocation, UsageError
from countersign.config.environ_layer import ENVIRONMENT, FOLDER
from countersign.config.layers import ENVIRONMENTS, load_settings
from countersign.config.settings import Settings


def settings_of(invocation: Invocation, environment: str | None) -> Settings:
    """The settings of this process, under another environment if one is named.

    Raises:
        ConfigurationInvalid: they are wrong.
    """
    if environment is None:
        return invocation.settings
    return load_settings({**os.environ, ENVIRONMENT: environment}, invocation.overrides)


def settings_in(invocation: Invocation, place: str) -> Settings:
    """The settings under an environment, or with a folder of files in the place of the operator's.

    Raises:
        ConfigurationInvalid: they are wrong.
        UsageError: there is no such environment or folder.
    """
    if place in ENVIRONMENTS:
        return settings_of(invocation, place)
    if not Path(place).is_dir():
        raise UsageError(f"{place} is neither a folder nor one of {', '.join(ENVIRONMENTS)}.")
    return load_settings({**os.environ, FOLDER: place}, invocation.overrides)
