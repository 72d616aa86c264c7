from __future__ import annotations

import sys

import pytest

from countersign.aggregates.root import Root
from countersign.eventstore.topics import Topics, UnknownTopic


class Kettle(Root):
    TOPIC = "kettle"

    class Created(Root.Created):
        TOPIC = "kettle.made"

    class Boiled(Root.Event):
        TOPIC = "kettle.boiled"


def test_events_and_aggregates_are_found_by_their_topic() -> None:
    topics = Topics([Kettle])
    assert topics.event("kettle.boiled") is Kettle.Boiled
    assert topics.aggregate("kettle") is Kettle
    assert set(topics.events()) == {Kettle.Created, Kettle.Boiled}


def test_a_topic_that_names_a_module_imports_nothing() -> None:
    sys.modules.pop("antigravity", None)
    with pytest.raises(UnknownTopic):
        Topics([Kettle]).event("antigravity:fly")
    with pytest.raises(UnknownTopic):
        Topics([Kettle]).aggregate("antigravity")
    assert "antigravity" not in sys.modules


class Nameless(Root):
    """An aggregate whose topic nobody pinned."""


def test_a_class_without_a_topic_of_its_own_is_refused() -> None:
    with pytest.raises(ValueError, match="Nameless"):
        Topics([Kettle, Nameless])
