"""The history of the settings of an installation."""

from __future__ import annotations

from datetime import UTC, datetime

from countersign.aggregates.configuration import CONFIGURATION_ID, Configuration
from countersign.aggregates.root import derived_id

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def test_there_is_one_history() -> None:
    assert Configuration.open(NOW).id == CONFIGURATION_ID == derived_id("configuration")


def test_what_came_into_force_is_known_by_its_digest() -> None:
    configuration = Configuration.open(NOW)

    configuration.reload(NOW, "serve", "d1", ("logging.level",), ("http.port",))

    assert configuration.digest == "d1"


def test_settings_that_were_refused_change_nothing() -> None:
    configuration = Configuration.open(NOW)
    configuration.reload(NOW, "work", "d1", (), ())

    configuration.reject(NOW, "work", ("app.yaml:3: http.port",))

    assert configuration.digest == "d1"
    assert [type(event).TOPIC for event in configuration.collect_events()] == [  # type: ignore[attr-defined]
        "configuration.history_opened",
        "configuration.reloaded",
        "configuration.rejected",
    ]
