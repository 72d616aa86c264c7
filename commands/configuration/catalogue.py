"""Every command about what is in force, and the handler that decides it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from countersign.commands.configuration.record_rejection import RecordRejection, record_rejection
from countersign.commands.configuration.record_reload import RecordReload, record_reload
from countersign.commands.configuration.set_feature_flag import SetFeatureFlag, set_feature_flag
from countersign.commands.handler import Handler
from countersign.commands.options import Options


def handlers(options: Options) -> Mapping[type, Handler]:
    """The handlers by the class of their message."""
    return {
        SetFeatureFlag: partial(set_feature_flag, features=options.features),
        RecordReload: record_reload,
        RecordRejection: record_rejection,
    }
