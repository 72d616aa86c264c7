"""`countersign config diff A B`: what differs between two environments or folders; secrets stay hidden."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from countersign.cli.configuration.reading import settings_in
from countersign.cli.configuration.show import in_words
from countersign.cli.configuration.shown import Shown, shown
from countersign.cli.invocation import Invocation, UsageError
from countersign.cli.listing import show_rows
from countersign.cli.screen import say, show_json
from countersign.config.settings import Settings

_TWO: Final = 2


def diff(invocation: Invocation) -> int:
    """Show each setting that differs; 0 whether or not one does, as nothing has failed.

    Raises:
        ConfigurationInvalid: one of the two is wrong.
        UsageError: two have to be named.
    """
    places = invocation.arguments.places
    if len(places) != _TWO:
        raise UsageError("Name two environments or folders: `countersign config diff A B`.")
    a, b = places
    differences = list(_differences(settings_in(invocation, a), settings_in(invocation, b)))
    if invocation.arguments.json:
        show_json({"a": a, "b": b, "differences": differences})
    elif differences:
        show_rows(("setting", "a", "b"), [_row(each) for each in differences], f"a: {a}, b: {b}")
    else:
        say("Nothing differs.")
    return 0


def _differences(a: Settings, b: Settings) -> Iterator[dict[str, Any]]:
    values = dict(b.values())
    others = {each.setting: each for each in shown(b)}
    for (path, value), one in zip(a.values(), shown(a), strict=True):
        other = others[path]
        if value != values[path] or one.value != other.value:
            yield {"setting": path, "a": _side(one), "b": _side(other), "secret": one.secret}


def _side(one: Shown) -> dict[str, Any]:
    return {"value": one.value, "source": one.source}


def _row(difference: Mapping[str, Any]) -> Mapping[str, str]:
    sides = {name: in_words(difference[name]["value"]) or "(empty)" for name in ("a", "b")}
    if difference["secret"] and sides["a"] == sides["b"]:
        sides["b"] = f"{sides['b']} (another one)"
    return {"setting": difference["setting"], **sides}
