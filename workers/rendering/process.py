"""The warm rendering process: everything imported, templates compiled, one limited fork for each job.

Started by `WarmProcess` as `python -m countersign.workers.rendering.process`. Jobs come on the standard
input, answers go to the standard output; it ends when its input does. It runs no template itself: a template
is compiled here only after a limited fork has shown that it can be.
"""

from __future__ import annotations

import gc
import os
from collections import OrderedDict
from typing import IO

import msgspec

from countersign.workers.rendering.confinement import leave_the_network
from countersign.workers.rendering.fork import answer_in_a_fork
from countersign.workers.rendering.wire import Job, Ready, receive, send
from countersign.workers.rendering.word_template import WordTemplate

KEPT_TEMPLATES = 8


def main() -> None:
    """Answer jobs until the worker is gone."""
    jobs, answers = _private_streams()
    send(answers, Ready(network=leave_the_network()))
    warm: OrderedDict[bytes, WordTemplate] = OrderedDict()
    while (frame := receive(jobs)) is not None:
        job = msgspec.msgpack.decode(frame, type=Job)
        answer = answer_in_a_fork(job, warm.get(job.template), jobs.fileno())
        send(answers, answer)
        if answer.outcome == "rendered":
            _keep(warm, job.template)


def _keep(warm: OrderedDict[bytes, WordTemplate], content: bytes) -> None:
    if content not in warm:
        warm[content] = WordTemplate(content)
        gc.freeze()  # a fork's collector would otherwise touch, so copy, every page
    warm.move_to_end(content)
    if len(warm) > KEPT_TEMPLATES:
        warm.popitem(last=False)


def _private_streams() -> tuple[IO[bytes], IO[bytes]]:
    """The pipes to the worker, out of reach of whatever prints or reads."""
    jobs, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    return jobs, answers


if __name__ == "__main__":
    main()
