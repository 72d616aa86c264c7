"""The list of aggregates is complete: events of one that it lacks could not be read again."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from countersign.aggregates.root import Root
from countersign.cli.aggregate_classes import AGGREGATES

ROOM = Path(__file__).parents[3] / "aggregates"


def modules() -> Iterator[str]:
    for path in sorted(ROOM.rglob("*.py")):
        yield ".".join(["countersign.aggregates", *path.relative_to(ROOM).with_suffix("").parts])


def descendants(cls: type[Root]) -> Iterator[type[Root]]:
    for child in cls.__subclasses__():
        yield child
        yield from descendants(child)


def test_every_aggregate_of_the_domain_is_listed() -> None:
    for module in modules():
        import_module(module)
    found = {
        cls
        for cls in descendants(Root)
        if "TOPIC" in vars(cls) and cls.__module__.startswith("countersign.aggregates.")
    }
    assert set(AGGREGATES) == found


def test_the_list_is_in_order_and_without_repeats() -> None:
    names = [cls.__name__ for cls in AGGREGATES]
    assert names == sorted(set(names))
