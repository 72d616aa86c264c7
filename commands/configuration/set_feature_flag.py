"""An administrator switches a part of the service on or off."""

from __future__ import annotations

from dataclasses import dataclass

from countersign.aggregates.feature_flags import FEATURE_FLAGS_ID, FeatureFlags
from countersign.aggregates.root import DomainError
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


class UnknownFlag(DomainError):
    """There is no such part of the service."""

    code = "unknown_feature_flag"
    status = 422


@dataclass(frozen=True, slots=True, kw_only=True)
class SetFeatureFlag:
    name: str
    enabled: bool
    reason: str


def set_feature_flag(command: SetFeatureFlag, store: Store, features: frozenset[str]) -> Receipt:
    """Set the flag for all processes of the installation, whatever their settings say."""
    permit(store, "SetFeatureFlag")
    if command.name not in features:
        raise UnknownFlag(f"there is no flag of that name, but {', '.join(sorted(features))}")
    flags = store.find(FeatureFlags, FEATURE_FLAGS_ID) or FeatureFlags.open(store.now)
    flags.set(store.now, command.name, command.reason, enabled=command.enabled)
    return store.save(flags)
