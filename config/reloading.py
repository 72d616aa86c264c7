"""Which newly read settings may come into force while the service runs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, TypeVar

from countersign.config.mistakes import ConfigurationInvalid
from countersign.config.production import production_refusals
from countersign.config.rules import broken_rules
from countersign.config.schema import Keys, Schema, schema_of_settings
from countersign.config.secret import Secret
from countersign.config.settings import NO_SETTINGS, Settings

Section = TypeVar("Section")


@dataclass(frozen=True, slots=True)
class Reloaded:
    """Settings to go on under; what changed in them; and what changed in vain until a restart."""

    settings: Settings
    changed: tuple[str, ...]
    restart_needed: tuple[str, ...]


def reloaded(held: Settings, read: Settings) -> Reloaded:
    """Take up of `read` what is reloadable, and keep of `held` what is not.

    Raises `ConfigurationInvalid` when the two do not go together.
    """
    schema = schema_of_settings()
    taken = _taken(held, read, (), schema)
    differing = _differing(held, read)
    changed = tuple(path for path in differing if _is_reloadable(path, schema))
    settings = replace(
        taken,
        sources=_mixed(held.sources, read.sources, changed),
        references=_mixed(held.references, read.references, changed),
        versions=_mixed(held.versions, read.versions, changed),
    )
    if broken := [*broken_rules(settings), *production_refusals(settings)]:
        raise ConfigurationInvalid(broken)
    return Reloaded(settings, changed, tuple(path for path in differing if path not in changed))


def digest_of(settings: Settings) -> str:
    """A SHA-256 over all settings but the secrets, of which it has only the references."""
    known = {
        path: settings.references.get(path) or ("" if isinstance(value, Secret) else str(value))
        for path, value in settings.values()
    }
    return hashlib.sha256(json.dumps(known, sort_keys=True).encode()).hexdigest()


def _taken(held: Section, read: Section, prefix: Keys, schema: Schema) -> Section:
    changes: dict[str, Any] = {}
    for each in fields(held):  # type: ignore[arg-type]
        keys, old, new = (*prefix, each.name), getattr(held, each.name), getattr(read, each.name)
        if is_dataclass(old):
            changes[each.name] = _taken(old, new, keys, schema)
        elif each.name not in NO_SETTINGS and _is_reloadable(".".join(keys), schema):
            changes[each.name] = new
    return replace(held, **changes)  # type: ignore[type-var]


def _differing(held: Settings, read: Settings) -> tuple[str, ...]:
    old = dict(held.values())
    return tuple(path for path, value in read.values() if value != old[path])


def _is_reloadable(path: str, schema: Schema) -> bool:
    leaf = schema.leaves.get(tuple(path.split(".")))
    return leaf is not None and leaf.reloadable


def _mixed(held: Mapping[str, str], read: Mapping[str, str], changed: tuple[str, ...]) -> Mapping[str, str]:
    kept = {path: text for path, text in held.items() if path not in changed}
    return kept | {path: read[path] for path in changed if path in read}
