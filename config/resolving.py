"""Putting values where settings hold references."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from countersign.config.layer import Written
from countersign.config.leaf import Leaf, Unfit
from countersign.config.mistakes import Mistake
from countersign.config.references import Reference, Resolver, Unresolvable
from countersign.config.schema import Keys, Schema


@dataclass(frozen=True, slots=True)
class Resolved:
    """Settings with values for references, and every reference that led to none."""

    settings: dict[Keys, Written]
    mistakes: list[Mistake] = field(default_factory=list)


def resolve(settings: Mapping[Keys, Written], resolvers: Mapping[str, Resolver], schema: Schema) -> Resolved:
    """Follow the references whose scheme is in `resolvers`; those of other schemes are left as they are."""
    resolved = Resolved(dict(settings))
    for keys, written in settings.items():
        reference = written.value
        if isinstance(reference, Reference) and reference.scheme in resolvers:
            try:
                value = _value(reference, resolvers[reference.scheme], schema.leaves[keys])
            except Unresolvable as error:
                del resolved.settings[keys]
                resolved.mistakes.append(Mistake(written.source, ".".join(keys), f"{reference}: {error}"))
            else:
                resolved.settings[keys] = Written(value, written.source, str(reference))
    return resolved


def _value(reference: Reference, resolver: Resolver, leaf: Leaf) -> object:
    try:
        return leaf.settle(resolver(reference.target))
    except Unfit:  # whose message may show the value
        raise Unresolvable(leaf.wanted()) from None
