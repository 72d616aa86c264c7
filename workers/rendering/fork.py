"""One job in one forked process that cannot outlive its limits."""

from __future__ import annotations

import gc
import os
import select
import signal
import time
import traceback
from typing import NoReturn

import msgspec

from countersign.workers.rendering.confinement import confine
from countersign.workers.rendering.failures import TemplateInvalid
from countersign.workers.rendering.wire import Answer, Job
from countersign.workers.rendering.word_template import WordTemplate

OUT_OF_MEMORY = 75
CHUNK = 1 << 20
GONE = select.POLLHUP | select.POLLERR | select.POLLNVAL


def answer_in_a_fork(job: Job, warm: WordTemplate | None, worker: int) -> Answer:
    """The job's answer; the fork is killed when its time is over or the pipe to the worker is cut."""
    reading, writing = os.pipe()
    fork = os.fork()
    if fork == 0:
        os.close(reading)
        _work(job, warm, writing)
    os.close(writing)
    written = _read_all(reading, worker, time.monotonic() + job.limits.wall_s)
    os.close(reading)
    if written is None:
        os.kill(fork, signal.SIGKILL)
    _, status = os.waitpid(fork, 0)
    return _answer(job, written, os.waitstatus_to_exitcode(status))


def _work(job: Job, warm: WordTemplate | None, writing: int) -> NoReturn:
    """In the fork: the answer into the pipe, and never back into the loop that it was forked from."""
    status = 1
    try:
        gc.disable()  # it ends before garbage matters
        confine(job.limits)
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(msgspec.msgpack.encode(_made(job, warm)))
        status = 0
    except MemoryError:
        status = OUT_OF_MEMORY
    finally:
        os._exit(status)


def _made(job: Job, warm: WordTemplate | None) -> Answer:
    started = time.perf_counter()
    try:
        docx = (warm or WordTemplate(job.template)).fill(msgspec.json.decode(job.context))
    except TemplateInvalid as invalid:
        return Answer(outcome="invalid", message=str(invalid))
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - the worker is told; here, writing to a log file is not allowed
        return Answer(outcome="lost", message=traceback.format_exc())
    return Answer(outcome="rendered", docx=docx, duration_ms=(time.perf_counter() - started) * 1000)


def _read_all(reading: int, worker: int, deadline: float) -> bytes | None:
    poll = select.poll()
    poll.register(reading, select.POLLIN)
    poll.register(worker, 0)
    chunks: list[bytes] = []
    while (left_s := deadline - time.monotonic()) > 0:
        ready = dict(poll.poll(left_s * 1000))
        if ready.get(worker, 0) & GONE:
            return None
        if reading in ready:
            chunk = os.read(reading, CHUNK)
            if not chunk:
                return b"".join(chunks)
            chunks.append(chunk)
    return None


def _answer(job: Job, written: bytes | None, status: int) -> Answer:
    limits = job.limits
    if written is None:
        return Answer(outcome="timeout", message=f"not finished after {limits.wall_s} s")
    if status == 0:
        return msgspec.msgpack.decode(written, type=Answer)
    if status == -signal.SIGXCPU:
        return Answer(outcome="limit", message=f"more than {limits.cpu_s} s of processor time")
    if status == OUT_OF_MEMORY:
        return Answer(outcome="limit", message=f"more than {limits.memory_bytes} bytes of memory")
    return Answer(outcome="lost", message=f"the rendering process ended with status {status}")
