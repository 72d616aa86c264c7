"""What the log tells of the mails, read on as it grows."""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID

from countersign.aggregates.email_message import EmailMessage
from countersign.eventstore.mapper import Happened
from tests.integration.workers.plant import Plant

PAGE = 5_000
SETTLED = (EmailMessage.Sent, EmailMessage.WentInDoubt, EmailMessage.DeadLettered, EmailMessage.Bounced)


class Tale:
    """The events of each mail, and how many mails have come to an end."""

    def __init__(self, plant: Plant) -> None:
        self._plant = plant
        self._position = 0
        self.mails: dict[UUID, list[Happened]] = defaultdict(list)

    def read_on(self) -> Tale:
        """Take in what has happened since."""
        while page := self._plant.log.read(self._position, PAGE):
            for stored in page:
                happened = self._plant.store.mapper.happened(stored)
                if happened.topic.startswith("email."):
                    self.mails[happened.stream].append(happened)
            self._position = page[-1].position
        return self

    @property
    def settled(self) -> int:
        """How many mails nobody will try again."""
        return len(self.ended(*SETTLED))

    def ended(self, *kinds: type) -> set[UUID]:
        """The mails whose last event is of one of these kinds."""
        return {mail for mail, events in self.mails.items() if isinstance(events[-1].event, kinds)}

    def last_worker(self, mail: UUID) -> str:
        """Who tried last to send it."""
        events = (each.event for each in self.mails[mail])
        *_, last = (each.worker for each in events if isinstance(each, EmailMessage.Attempted))
        return last.partition("/")[0]
