"""What operators have ordered about one read model: its builds, pauses, and what is done with its letters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self
from uuid import UUID

from countersign.aggregates.read_model_builds import Builds
from countersign.aggregates.read_model_refusals import (
    AlreadyPaused,
    DiscardAlreadyProposed,
    NoDiscardProposed,
    SecondPersonRequired,
    reasoned,
)
from countersign.aggregates.root import Root, derived_id


@dataclass(frozen=True, slots=True)
class Proposal:
    """Who wants a letter discarded, and why."""

    by: UUID
    reason: str
    at: datetime


def read_model_id(name: str) -> UUID:
    """The stream of the orders about the projection of that name."""
    return derived_id("read_model", name)


class ReadModel(Builds):
    """One read model. Only orders are decided here: the read database obeys them.

    `proposals` are letters to be discarded, by their positions, that wait for a second person.
    """

    TOPIC = "read_model"
    name: str
    paused: bool = False
    proposals: Mapping[int, Proposal] = field(default_factory=dict)

    class Created(Root.Created):
        TOPIC = "read_model.opened"
        name: str

    class Paused(Root.Event):
        TOPIC = "read_model.paused"
        reason: str

        def apply(self, model: ReadModel) -> None:
            model.paused = True

    class Resumed(Root.Event):
        """Go on: after a pause, or where it stopped because it could not go on."""

        TOPIC = "read_model.resumed"
        reason: str

        def apply(self, model: ReadModel) -> None:
            model.paused = False

    class LettersRetried(Root.Event):
        """Try the letters at these positions again; none named: all of them."""

        TOPIC = "read_model.letters_retried"
        positions: tuple[int, ...]
        reason: str

        def apply(self, model: ReadModel) -> None:
            again = self.positions or tuple(model.proposals)
            model.proposals = {at: held for at, held in model.proposals.items() if at not in again}

    class DiscardProposed(Root.Event):
        TOPIC = "read_model.discard_proposed"
        position: int
        proposed_by: UUID
        reason: str

        def apply(self, model: ReadModel) -> None:
            proposal = Proposal(self.proposed_by, self.reason, self.timestamp)
            model.proposals = {**model.proposals, self.position: proposal}

    class DiscardApproved(Root.Event):
        """Let the read model go on as if there were no event at this position."""

        TOPIC = "read_model.discard_approved"
        position: int
        approved_by: UUID
        reason: str

        def apply(self, model: ReadModel) -> None:
            model.proposals = {at: held for at, held in model.proposals.items() if at != self.position}

    @classmethod
    def open(cls, at: datetime, name: str) -> Self:
        """Begin to note what is ordered about a read model."""
        return cls._create(cls.Created, id=read_model_id(name), timestamp=at, name=name)

    def pause(self, at: datetime, reason: str) -> None:
        """Let it stand still, and be read as it stands.

        Raises:
            AlreadyPaused, ReasonRequired: see there.
        """
        said = reasoned(reason)
        if self.paused:
            raise AlreadyPaused(f"{self.name} is paused already")
        self.trigger_event(self.Paused, timestamp=at, reason=said)

    def resume(self, at: datetime, reason: str) -> None:
        """Let it go on; also where it stopped by itself, of which its orders know nothing.

        Raises:
            ReasonRequired: as `reasoned` says.
        """
        self.trigger_event(self.Resumed, timestamp=at, reason=reasoned(reason))

    def retry_letters(self, at: datetime, positions: tuple[int, ...], reason: str) -> None:
        """Have letters tried again, all of them when none is named; what was proposed about them is void.

        Raises:
            ReasonRequired: as `reasoned` says.
        """
        said = reasoned(reason)
        self.trigger_event(self.LettersRetried, timestamp=at, positions=positions, reason=said)

    def propose_discard(self, at: datetime, position: int, by: UUID, reason: str) -> None:
        """Ask a second person to have a letter discarded.

        Raises:
            DiscardAlreadyProposed, ReasonRequired: see there.
        """
        said = reasoned(reason)
        if position in self.proposals:
            raise DiscardAlreadyProposed(f"the letter at {position} waits for a second person's decision")
        self.trigger_event(self.DiscardProposed, timestamp=at, position=position, proposed_by=by, reason=said)

    def approve_discard(self, at: datetime, position: int, by: UUID, reason: str) -> None:
        """Have a letter discarded, as the second person.

        Raises:
            NoDiscardProposed, SecondPersonRequired, ReasonRequired: see there.
        """
        said = reasoned(reason)
        proposal = self.proposals.get(position)
        if proposal is None:
            raise NoDiscardProposed(f"nobody has proposed to discard the letter at {position}")
        if proposal.by == by:
            raise SecondPersonRequired("you have proposed it yourself: another operator approves")
        self.trigger_event(self.DiscardApproved, timestamp=at, position=position, approved_by=by, reason=said)
