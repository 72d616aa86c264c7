from __future__ import annotations

import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from countersign.workers.rendering.failures import RendererLost
from countersign.workers.rendering.limits import Limits
from countersign.workers.rendering.renderer import Renderer

WordFile = Callable[..., bytes]
EMPTY: dict[str, object] = {"signatures": []}
SLOW = "{% for a in x %}{% for b in x %}{% for c in x %}{% endfor %}{% endfor %}{% endfor %}"
ORPHAN = """
import time
from countersign.workers.rendering.renderer import Renderer
renderer = Renderer()
renderer.start()
print(*renderer.process_ids, flush=True)
time.sleep(60)
"""


def test_a_warm_rendering_costs_little_beyond_the_rendering_itself(
    renderer: Renderer, template: bytes, context_of: Callable[..., dict[str, Any]], sample: dict[str, Any]
) -> None:
    context = context_of(sample)
    renderer.render(template, context, Limits())
    beyond = []
    for _ in range(9):
        started = time.perf_counter()
        rendered = renderer.render(template, context, Limits())
        beyond.append((time.perf_counter() - started) * 1000 - rendered.duration_ms)
    assert statistics.median(beyond) < 50


def test_several_threads_render_at_once_and_get_their_own_document(word_file: WordFile) -> None:
    template = word_file("{{ word }}")
    with Renderer(processes=2) as renderer, ThreadPoolExecutor(6) as threads:

        def docx(n: int) -> bytes:
            return renderer.render(template, EMPTY | {"word": f"word {n % 4}"}, Limits()).docx

        made = list(threads.map(docx, range(24)))
    assert len(set(made)) == 4
    assert all(made[n] == made[n % 4] for n in range(24))


def test_after_its_process_was_killed_the_next_rendering_has_a_new_one(word_file: WordFile) -> None:
    template = word_file("{{ word }}")
    with Renderer() as renderer:
        before = renderer.render(template, EMPTY | {"word": "a"}, Limits()).docx
        for process_id in renderer.process_ids:
            os.kill(process_id, signal.SIGKILL)
        assert _eventually(lambda: not renderer.process_ids)
        assert renderer.render(template, EMPTY | {"word": "a"}, Limits()).docx == before


def test_a_rendering_whose_process_is_killed_is_lost_and_not_waited_for(word_file: WordFile) -> None:
    with Renderer() as renderer, ThreadPoolExecutor(1) as thread:
        context = EMPTY | {"x": list(range(5000))}
        pending = thread.submit(renderer.render, word_file(SLOW), context, Limits())
        time.sleep(0.5)
        for process_id in renderer.process_ids:
            os.killpg(process_id, signal.SIGKILL)
        with pytest.raises(RendererLost):
            pending.result(timeout=10)


def test_a_closed_renderer_leaves_no_process(word_file: WordFile) -> None:
    with Renderer(processes=2) as renderer:
        process_ids = renderer.process_ids
        assert len(process_ids) == 2
    assert not any(map(_runs, process_ids))
    assert renderer.process_ids == []


def test_the_process_ends_with_the_worker_that_started_it() -> None:
    worker = subprocess.Popen([sys.executable, "-c", ORPHAN], stdout=subprocess.PIPE, text=True)
    assert worker.stdout is not None
    process_id = int(worker.stdout.readline())
    assert _runs(process_id)
    worker.kill()
    worker.wait()
    worker.stdout.close()
    assert _eventually(lambda: not _runs(process_id))


def _runs(process_id: int) -> bool:
    state = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(process_id)], capture_output=True, text=True, check=False
    )
    return bool(state.stdout.strip()) and not state.stdout.startswith("Z")


def _eventually(true: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 10
    while not true() and time.monotonic() < deadline:
        time.sleep(0.05)
    return true()
