"""Work that falls due out of its time need not wait until another process looks by itself."""

from __future__ import annotations

from threading import Event

import pytest

from countersign.eventstore.databases import Database
from countersign.eventstore.wakeups import EFFECTS, Wakeups
from countersign.workers.course import Course
from countersign.workers.crew import Crew
from countersign.workers.effects import Effects
from countersign.workers.load import Load
from countersign.workers.webhooks.hastening import HastenDeliveries
from tests.integration.workers.effects_rig import NOON, a_cause, a_wish, want
from tests.integration.workers.running import now

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
LONG_S = 10.0
SOON_S = 0.2


def test_the_end_of_a_worker_wakes_those_who_take_what_it_lets_go(effects: Effects, wakeups: Wakeups) -> None:
    told = Event()
    told.set()
    with wakeups.listen(EFFECTS) as other:
        Crew([], effects, now, wakeups, LONG_S, Load()).run(told)
        assert other.wait(LONG_S)


def test_whoever_hastens_a_lane_wakes_those_who_work_on_it(
    read: Database, effects: Effects, wakeups: Wakeups
) -> None:
    want(read, (a_wish(payload={"lane": "webhook/1"}), a_cause()))
    (effect,) = effects.claim("work", "worker", NOON, 60.0, 1)
    duty = HastenDeliveries(effects, now, wakeups)
    with wakeups.listen(EFFECTS) as other:
        assert not other.wait(SOON_S)
        duty.perform(effect, Course(60.0))
        assert other.wait(LONG_S)
