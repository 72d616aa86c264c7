"""A sealed file is read as it was written, or it is said what is wrong with it."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countersign.eventstore.backup.archive import reading, writing
from countersign.eventstore.backup.refusals import BackupDamaged, BackupForeign
from countersign.eventstore.backup.sealing import CHUNK_BYTES, SealedSource, SealingSink

KEY = b"k" * 32
TWO_CHUNKS = b"x" * (CHUNK_BYTES + 5)


def sealed(content: bytes, backup: str = "monday", part: str = "content") -> bytes:
    file = io.BytesIO()
    sink = SealingSink(file, KEY, backup, part)
    sink.write(content)
    sink.close()
    return file.getvalue()


def opened(stored: bytes, key: bytes = KEY, backup: str = "monday") -> bytes:
    return SealedSource(io.BytesIO(stored), key, backup, "content").read()


@pytest.mark.parametrize("size", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES])
def test_it_is_read_as_it_was_written(size: int) -> None:
    assert opened(sealed(b"x" * size)) == b"x" * size


def test_it_is_read_in_pieces_of_any_size() -> None:
    source = SealedSource(io.BytesIO(sealed(TWO_CHUNKS)), KEY, "monday", "content")
    assert b"".join(iter(lambda: source.read(70_001), b"")) == TWO_CHUNKS


def test_it_shows_nothing_of_its_content() -> None:
    assert b"Ann" not in sealed(b"Ann" * 10)
    assert sealed(b"Ann") != sealed(b"Ann")


@given(at=st.integers(min_value=0), bit=st.integers(0, 7))
def test_no_bit_of_it_can_be_changed(at: int, bit: int) -> None:
    stored = bytearray(sealed(b"a short one"))
    stored[at % len(stored)] ^= 1 << bit
    with pytest.raises((BackupDamaged, BackupForeign)):
        opened(bytes(stored))


@given(size=st.integers(min_value=0))
def test_nothing_of_it_can_be_cut_off(size: int) -> None:
    stored = sealed(b"a short one")
    with pytest.raises((BackupDamaged, BackupForeign)):
        opened(stored[: size % len(stored)])


def test_a_whole_chunk_that_is_cut_off_is_missed() -> None:
    stored = sealed(TWO_CHUNKS)
    with pytest.raises(BackupDamaged, match="ends too early"):
        opened(stored[: stored.rindex(len(b"x" * 21).to_bytes(4, "big"))])


def test_nothing_can_be_added_to_it() -> None:
    with pytest.raises(BackupDamaged, match="behind its end"):
        opened(sealed(b"short") + b"more")


def test_one_of_another_installation_says_which_keys_it_takes() -> None:
    with pytest.raises(BackupForeign, match="folder of keys of the installation that made it"):
        opened(sealed(b"short"), key=b"o" * 32)


def test_one_that_was_renamed_says_so() -> None:
    with pytest.raises(BackupForeign, match=r"is in truth monday/content"):
        opened(sealed(b"short"), backup="tuesday")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 something else", b"countersign backup 2\n"])
def test_what_is_no_backup_says_so(content: bytes) -> None:
    with pytest.raises(BackupForeign, match="no file of a Countersign backup"):
        opened(content)


def test_an_archive_gives_its_contents_in_order() -> None:
    file = io.BytesIO()
    with writing(SealingSink(file, KEY, "monday", "content")) as archive:
        archive.add("one", b"1")
        archive.add("a/" + "very" * 60 + "long", TWO_CHUNKS)
    file.seek(0)
    found = list(reading(SealedSource(file, KEY, "monday", "content")))
    assert found == [("one", b"1"), ("a/" + "very" * 60 + "long", TWO_CHUNKS)]


def test_what_is_sealed_and_no_archive_is_damaged() -> None:
    with pytest.raises(BackupDamaged, match="cannot be unpacked"):
        list(reading(SealedSource(io.BytesIO(sealed(b"no tar")), KEY, "monday", "content")))
