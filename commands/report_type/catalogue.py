"""Every command about report types, and the handler that decides it."""

from __future__ import annotations

from collections.abc import Mapping

from countersign.commands.handler import Handler
from countersign.commands.report_type.define_report_type import DefineReportType, define_report_type


def handlers() -> Mapping[type, Handler]:
    """The handlers by the class of their message."""
    return {
        DefineReportType: define_report_type,
    }
