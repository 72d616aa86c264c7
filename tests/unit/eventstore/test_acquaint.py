from __future__ import annotations

import subprocess
import sys

IN_MANY_THREADS = """
import sys, threading
from dataclasses import make_dataclass
from typing import Mapping

import msgspec

from countersign.eventstore.acquaint import acquaint

sys.setswitchinterval(1e-6)
names = [f"field_{number}" for number in range(30)]
fields = [(name, "Mapping[str, list[int]] | None") for name in names]
here = {"__module__": "__main__"}
classes = [make_dataclass(f"Event{number}", fields, namespace=here) for number in range(300)]
state = dict.fromkeys(names, {"x": [1]})
together = threading.Barrier(8)

def decode() -> None:
    for cls in classes:
        together.wait()
        msgspec.convert(state, cls)

if "acquainted" in sys.argv:
    acquaint(*classes)
threads = [threading.Thread(target=decode) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
"""


def test_threads_may_decode_at_once_what_msgspec_knows() -> None:
    ended = subprocess.run([sys.executable, "-c", IN_MANY_THREADS, "acquainted"], check=False, timeout=60)
    assert ended.returncode == 0
