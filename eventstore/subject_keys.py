"""The keys of the people whose values are in the log, wrapped by the master key and kept apart from it."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from time import monotonic
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Column, Connection, DateTime, LargeBinary, Table, Uuid, func, insert, select
from sqlalchemy.exc import IntegrityError

from countersign.eventstore import master_key_in_use
from countersign.eventstore.databases import Database
from countersign.eventstore.master_key_in_use import hold, in_use
from countersign.eventstore.master_keys import MasterKeys

metadata = master_key_in_use.metadata
subject_keys = Table(
    "subject_keys",
    metadata,
    Column("subject", Uuid, primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)

erasures = Table(
    "erasures",
    metadata,
    Column("subject", Uuid, primary_key=True),
    Column("erased_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)


class SubjectKeys:
    """One AES-256 key a person. Without its row, what was sealed under it can never be read again.

    Whoever was erased gets no other: what is sealed for them from then on, such as by a process that has not
    heard of it yet, is sealed under a key that nobody keeps.
    """

    def __init__(
        self, database: Database, masters: MasterKeys, remember: int = 4096, lifetime_s: float = 60.0
    ) -> None:
        self._database = database
        self._masters = masters
        self._remember = remember
        self._lifetime_s = lifetime_s
        self._known: OrderedDict[UUID, tuple[float, AESGCM]] = OrderedDict()
        self._lock = Lock()

    def find(self, subject: UUID) -> AESGCM | None:
        """The key of a person, or None when it was destroyed or never made."""
        with self._lock:
            kept = self._known.get(subject)
        if kept and monotonic() - kept[0] < self._lifetime_s:
            return kept[1]
        wrapped = self._stored(subject)
        return None if wrapped is None else self._unwrap(subject, wrapped)

    def make(self, subject: UUID) -> AESGCM:
        """The key of a person, committed before it is first used."""
        known = self.find(subject)
        return known if known is not None else self._create(subject)

    def _create(self, subject: UUID) -> AESGCM:
        plain = AESGCM.generate_key(256)
        try:
            with self._database.write() as connection:
                hold(connection)
                if _is_erased(connection, subject):
                    return AESGCM(plain)
                used = in_use(connection)
                wrapped = self._masters.wrap(used.key_id if used else None, subject, plain)
                connection.execute(insert(subject_keys).values(subject=subject, wrapped=wrapped))
        except IntegrityError:  # somebody else made it first: theirs counts
            return self.make(subject)
        return self._unwrap(subject, wrapped)

    def _stored(self, subject: UUID) -> bytes | None:
        query = select(subject_keys.c.wrapped).where(subject_keys.c.subject == subject)
        with self._database.read() as connection:
            return connection.execute(query).scalar_one_or_none()

    def _unwrap(self, subject: UUID, wrapped: bytes) -> AESGCM:
        key = AESGCM(self._masters.unwrap(subject, wrapped))
        with self._lock:
            self._known[subject] = (monotonic(), key)
            self._known.move_to_end(subject)
            while len(self._known) > self._remember:
                self._known.popitem(last=False)
        return key


def _is_erased(connection: Connection, subject: UUID) -> bool:
    return connection.execute(select(1).where(erasures.c.subject == subject)).first() is not None
