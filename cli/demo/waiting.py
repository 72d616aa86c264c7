"""Waiting for what the service does in the background."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from countersign.aggregates.role import Role
from countersign.cli.demo.scene import Scene

OPEN: Final = frozenset({"queued", "running", "retrying"})
"""The states of a job that is not settled."""

_PATIENCE_S: Final = 180.0  # after a crash the work of a dead worker is taken up when its lease has ended
_POLL_S: Final = 0.1

T = TypeVar("T")


class NotDone(Exception):
    """Something that the service does in the background did not come to its end."""


def in_time(look: Callable[[], T | None], what: str) -> T:
    """What is looked for, as soon as it is there.

    Raises:
        NotDone: it does not come.
    """
    give_up = time.monotonic() + _PATIENCE_S
    while time.monotonic() < give_up:
        if (found := look()) is not None:
            return found
        time.sleep(_POLL_S)
    raise NotDone(f"{what} did not come within {_PATIENCE_S:.0f} s")


def finished_rendering(scene: Scene, kind: str, content_digest: str) -> Mapping[str, Any]:
    """The document of that kind and content, when it is made.

    Raises:
        NotDone: it could not be made, or not in time.
    """
    return in_time(lambda: _finished(scene, kind, content_digest), f"the {kind} document")


def _finished(scene: Scene, kind: str, content_digest: str) -> Mapping[str, Any] | None:
    desk = scene.desk(Role.PROJECT_MANAGER)
    found = desk.get(f"{scene.report_path}/renderings", kind=kind).body["items"]
    of_content = [each for each in found if each["content_digest"] == content_digest]
    if not of_content:
        return None
    job = desk.get(of_content[0]["job"], wait=5).body
    if job["state"] in OPEN:
        return None
    if job["state"] != "succeeded":
        raise NotDone(f"the {kind} document was not made: {job['state']}, {job['error']}")
    made: Mapping[str, Any] = desk.get(job["result_href"]).body
    return made
