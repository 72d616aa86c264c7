"""Every command about templates, and the handler that decides it."""

from __future__ import annotations

from collections.abc import Mapping

from countersign.commands.handler import Handler
from countersign.commands.template.install_template import InstallTemplate, install_template


def handlers() -> Mapping[type, Handler]:
    """The handlers by the class of their message."""
    return {
        InstallTemplate: install_template,
    }
