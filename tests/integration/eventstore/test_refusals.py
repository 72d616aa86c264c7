from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest

from countersign.eventstore.admission import MAX_EVENTS, MAX_RECEIPT_BYTES, MAX_STATE_BYTES
from countersign.eventstore.log import Append, Appended, AppendRefused, Guard, Log
from tests.integration.eventstore.samples import command, event, events, new_key

STREAM = uuid4()
UNSTORABLE = {
    "nothing to append": Append(()),
    "a NUL in a topic": Append((replace(event(STREAM, 1), topic="report\0created"),)),
    "a lone surrogate in a topic": Append((replace(event(STREAM, 1), topic="report\ud800"),)),
    "an empty topic": Append((replace(event(STREAM, 1), topic=""),)),
    "a NUL in a key": command(replace(new_key(), key="k\0")),
    "a lone surrogate in a key": command(replace(new_key(), key="k\udfff")),
    "a long key": command(replace(new_key(), key="k" * 300)),
    "a long digest": command(new_key(b"d" * 65)),
    "a large state": Append((event(STREAM, 1, b"x" * (MAX_STATE_BYTES + 1)),)),
    "large metadata": Append((replace(event(STREAM, 1), metadata=b"x" * (1 << 16 | 1)),)),
    "a large receipt": command(new_key(), b"x" * (MAX_RECEIPT_BYTES + 1)),
    "too many events": events(STREAM, 1, MAX_EVENTS + 1),
    "version 0": Append((event(STREAM, 0),)),
    "a version beyond all versions": Append((event(STREAM, 1 << 31),)),
    "a gap within": Append((event(STREAM, 1), event(STREAM, 3))),
    "a version twice": Append((event(STREAM, 1), event(STREAM, 1))),
    "a negative guard": replace(events(STREAM, 1, 1), guards=(Guard(STREAM, -1),)),
}


@pytest.mark.parametrize("append", UNSTORABLE.values(), ids=UNSTORABLE.keys())
def test_what_could_not_be_stored_is_refused_before_it_is_sent(log: Log, append: Append) -> None:
    with pytest.raises(AppendRefused):
        log.append(append)
    assert log.head() == 0


def test_what_is_just_within_the_limits_is_stored(log: Log) -> None:
    key = replace(new_key(b"d" * 64), key="k" * 255)
    large = replace(
        command(key, b"r" * MAX_RECEIPT_BYTES, STREAM), events=(event(STREAM, 1, b"x" * MAX_STATE_BYTES),)
    )
    assert isinstance(log.append(large), Appended)
    assert isinstance(log.append(events(uuid4(), 1, MAX_EVENTS)), Appended)
    assert len(log.stream(STREAM)[0].state) == MAX_STATE_BYTES
