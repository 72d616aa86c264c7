"""Signing keys come and go while a process runs: it reads them again, and never stands without one."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from countersign.http.signing_keys import KeysUnreadable, SigningKey, SigningKeys

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def key(key_id: str, signs_from: datetime) -> SigningKey:
    return SigningKey(key_id, Ed25519PrivateKey.generate(), signs_from)


@dataclass
class Folder:
    """What can be read, a clock that a test moves on, and how often it was read."""

    keys: list[SigningKey] = field(default_factory=lambda: [key("first", NOW - timedelta(days=1))])
    damaged: bool = False
    elapsed_s: float = 0
    readings: int = 0

    def read(self) -> list[SigningKey]:
        self.readings += 1
        if self.damaged:
            raise KeysUnreadable("half a file")
        return list(self.keys)

    def opened(self) -> SigningKeys:
        return SigningKeys(self.read, 5, lambda: self.elapsed_s)


def test_a_new_key_is_published_before_it_signs() -> None:
    folder = Folder()
    folder.keys.append(key("second", NOW + timedelta(minutes=5)))
    keys = folder.opened()

    assert [each.id for each in keys.published()] == ["second", "first"]
    assert keys.signer(NOW).id == "first"
    assert keys.signer(NOW + timedelta(minutes=5)).id == "second"


def test_keys_are_read_again_when_it_is_time_and_not_before() -> None:
    folder = Folder()
    keys = folder.opened()
    folder.keys.append(key("second", NOW))

    folder.elapsed_s = 4.9
    assert keys.signer(NOW).id == "first"
    folder.elapsed_s = 5
    assert keys.signer(NOW).id == "second"
    keys.public("first")
    assert folder.readings == 2


def test_a_retired_key_is_unknown_from_the_next_reading_on() -> None:
    folder = Folder(keys=[key("first", NOW - timedelta(days=1)), key("second", NOW)])
    keys = folder.opened()
    keys.public("first")

    del folder.keys[0]
    folder.elapsed_s = 6

    with pytest.raises(KeyError):
        keys.public("first")


def test_keys_that_cannot_be_read_now_leave_those_before_in_use(caplog: pytest.LogCaptureFixture) -> None:
    folder = Folder()
    keys = folder.opened()
    folder.damaged, folder.elapsed_s = True, 6

    with caplog.at_level(logging.WARNING):
        assert keys.signer(NOW).id == "first"
        keys.public("first")
    assert [record.message for record in caplog.records] == ["signing keys not read again"]

    folder.damaged, folder.elapsed_s = False, 12
    folder.keys = [key("second", NOW)]
    assert keys.signer(NOW).id == "second"


def test_an_emptied_folder_leaves_the_keys_in_use_and_none_at_the_start_is_refused() -> None:
    folder = Folder()
    keys = folder.opened()
    folder.keys, folder.elapsed_s = [], 6

    assert keys.signer(NOW).id == "first"
    with pytest.raises(KeysUnreadable):
        folder.opened()


def test_before_the_moment_of_all_keys_the_oldest_signs() -> None:
    folder = Folder(keys=[key("later", NOW + timedelta(hours=2)), key("soon", NOW + timedelta(hours=1))])

    assert folder.opened().signer(NOW).id == "soon"


def test_no_private_key_is_shown() -> None:
    assert repr(key("first", NOW)) == f"SigningKey(id='first', signs_from={NOW!r})"
