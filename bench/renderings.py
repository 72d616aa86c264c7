"""Five hundred documents from accepted to finished, beside the bare renderer on the same inputs in one run.

They are ordered over HTTP while no worker runs; then one worker makes them, with one rendering process. Each
document is also made by the bare renderer, half of them before and half after. What a document costs beyond
that is the queue: claim, events with fsync, blobs, the way there and back. With two at work on one rendering
process, that goes on while the next document is made.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean, quantiles
from uuid import UUID

from bench.databases import database_urls, empty_database
from bench.document_latency import fill, order_draft
from bench.service import Service, running_service
from countersign.aggregates.rendering import Rendering
from countersign.cli.foundation import Foundation, foundation
from countersign.config.layers import load_settings
from countersign.eventstore.store import EventStore
from countersign.workers.rendering.context import build_context
from countersign.workers.rendering.limits import Limits
from countersign.workers.rendering.renderer import Renderer

DOCUMENTS = int(sys.argv[1]) if len(sys.argv) > 1 else 500
UNBOUNDED = {
    "COUNTERSIGN_QUEUES__RENDERING__RATE_PER_MINUTE": "0",
    "COUNTERSIGN_RATE_LIMITS__ADMINISTRATOR_PER_HOUR": "1000000",
}
PAGE = 1_000
PATIENCE_S = 600.0


@dataclass(frozen=True, slots=True)
class Made:
    """When a document was begun and finished, by the log's own clock."""

    begun: float
    finished: float


def main() -> None:
    """Print one line for each database and number of documents at work."""
    with database_urls() as urls:
        for name, url in urls.items():
            for at_once in (1, 2):
                database = empty_database(url, f"at_work_{at_once}")
                with running_service(database, parts=("serve",), more=UNBOUNDED) as service:
                    _measure(f"{name}, {at_once} at work", service, at_once)


def _measure(name: str, service: Service, at_once: int) -> None:
    session = service.sign_in()
    report = service.draft(session, "BENCH-500")
    fill(service, session, report)
    ordered = [order_draft(service, session, report, number) for number in range(DOCUMENTS)]
    with foundation(load_settings(dict(service.environment))) as base, Renderer() as renderer:
        half = len(ordered) // 2
        bare = [_bare_s(base.store, renderer, each) for each in ordered[:half]]
        made = _worked(service, base, at_once)
        bare += [_bare_s(base.store, renderer, each) for each in ordered[half:]]
    _tell(name, made, bare)


def _tell(name: str, made: Sequence[Made], bare: Sequence[float]) -> None:
    lasted_s = max(each.finished for each in made) - min(each.begun for each in made)
    took_ms = [(each.finished - each.begun) * 1000 for each in made]
    beyond_ms = (lasted_s / len(made) - mean(bare)) * 1000
    print(
        f"{name:22} {len(made)} documents in {lasted_s:5.1f} s: {len(made) / lasted_s:5.1f} a second; "
        f"begun to finished p95 {quantiles(took_ms, n=20)[-1]:4.0f} ms; "
        f"bare renderer {mean(bare) * 1000:4.1f} ms; queue {beyond_ms:4.1f} ms a document"
    )


def _bare_s(store: EventStore, renderer: Renderer, rendering_id: UUID) -> float:
    rendering = store.aggregates.find(Rendering, rendering_id)
    if rendering is None:
        raise SystemExit(f"there is no rendering {rendering_id}")
    template, order = store.blobs.get(rendering.template_digest), store.blobs.get(rendering.input_digest)
    began = time.perf_counter()
    renderer.render(template, build_context(json.loads(order)), Limits())
    return time.perf_counter() - began


def _worked(service: Service, base: Foundation, at_once: int) -> list[Made]:
    command = [sys.executable, "-m", "countersign.cli.main", "work", "--only", "reactions,rendering"]
    environment = {**service.environment, "COUNTERSIGN_QUEUES__RENDERING__CONCURRENCY": str(at_once)}
    begun: dict[UUID, float] = {}
    made: list[Made] = []
    position, give_up = base.log.head(), time.monotonic() + PATIENCE_S
    with subprocess.Popen(command, env=environment) as worker:
        while len(made) < DOCUMENTS and time.monotonic() < give_up:
            time.sleep(0.5)
            for recorded in base.log.read(position, PAGE):
                position = recorded.position
                happened = base.store.mapper.happened(recorded)
                if isinstance(happened.event, Rendering.Started):
                    begun[happened.stream] = happened.recorded_at.timestamp()
                if isinstance(happened.event, Rendering.Completed):
                    made.append(Made(begun[happened.stream], happened.recorded_at.timestamp()))
        worker.terminate()
    if len(made) < DOCUMENTS:
        raise SystemExit(f"{len(made)} documents in {PATIENCE_S} s")
    return made


if __name__ == "__main__":
    main()
