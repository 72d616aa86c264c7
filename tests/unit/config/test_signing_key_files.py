"""Signing keys are added, take over at their moment, and are destroyed only when nothing needs them."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from countersign.config.key_files import create_keys, load_keys
from countersign.config.private_files import KeyFilesError
from countersign.config.signing_key_files import (
    FIRST,
    add_signing_key,
    load_signing_keys,
    new_signing_key,
    retire_signing_key,
    signer,
)

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
LIFETIME = timedelta(minutes=10)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    create_keys(tmp_path / "keys")
    return tmp_path / "keys"


def signing(folder: Path, now: datetime = NOW) -> str:
    return signer(load_signing_keys(folder), now).id


def test_a_folder_of_the_first_version_has_one_key_that_signs(folder: Path) -> None:
    (first,) = load_signing_keys(folder)

    assert first.path.name == FIRST
    assert signing(folder) == first.id


def test_an_added_key_signs_from_its_moment_on(folder: Path) -> None:
    first = signing(folder)
    added = add_signing_key(folder, NOW + LIFETIME)

    assert added.path.name == "token-signing-20260302T094000Z.pem"
    assert stat.S_IMODE(added.path.stat().st_mode) == 0o600
    assert [key.id for key in load_signing_keys(folder)] == [added.id, first]
    assert signing(folder, NOW + LIFETIME - timedelta(seconds=1)) == first
    assert signing(folder, NOW + LIFETIME) == added.id
    assert not list(folder.glob(".*"))


def test_no_id_looks_like_an_option_of_the_command_line(folder: Path) -> None:
    for number in range(300):  # one in 64 would
        (folder / f"token-signing-20260302T{number // 60:02}{number % 60:02}00Z.pem").write_bytes(
            new_signing_key()
        )

    assert not [key.id for key in load_signing_keys(folder) if key.id.startswith("-")]


def test_a_key_is_never_overwritten_by_another(folder: Path) -> None:
    added = add_signing_key(folder, NOW)

    with pytest.raises(KeyFilesError, match="there already"):
        add_signing_key(folder, NOW)

    assert signing(folder) == added.id
    assert not list(folder.glob(".*"))


def test_a_key_is_retired_once_nothing_that_it_signed_is_good(folder: Path) -> None:
    first = signing(folder)
    add_signing_key(folder, NOW)
    needed_until = NOW + LIFETIME + timedelta(seconds=30)

    with pytest.raises(KeyFilesError, match="are good until 2026-03-02 09:40:30"):
        retire_signing_key(folder, first, needed_until - timedelta(seconds=1), LIFETIME)
    retired = retire_signing_key(folder, first, needed_until, LIFETIME)

    assert (retired.id, retired.path.exists()) == (first, False)
    load_keys(folder)


def test_a_stolen_key_is_retired_at_once(folder: Path) -> None:
    first = signing(folder)
    added = add_signing_key(folder, NOW)

    retire_signing_key(folder, first, NOW, LIFETIME, at_once=True)

    assert [key.id for key in load_signing_keys(folder)] == [added.id]


def test_the_key_that_signs_is_not_retired_not_even_at_once(folder: Path) -> None:
    add_signing_key(folder, NOW + LIFETIME)

    with pytest.raises(KeyFilesError, match="signs now"):
        retire_signing_key(folder, signing(folder), NOW, LIFETIME, at_once=True)


def test_a_key_that_has_not_signed_yet_can_be_taken_back(folder: Path) -> None:
    first, coming = signing(folder), add_signing_key(folder, NOW + LIFETIME)

    retire_signing_key(folder, coming.id, NOW, LIFETIME)

    assert signing(folder, NOW + LIFETIME) == first


def test_an_unknown_key_is_told(folder: Path) -> None:
    with pytest.raises(KeyFilesError, match="no signing key other"):
        retire_signing_key(folder, "other", NOW, LIFETIME)


def test_files_of_other_names_are_no_keys(folder: Path) -> None:
    for name in ("token-signing-soon.pem", "token-signing-20260302T094000Z.pem.bak", "token-signing.pem~"):
        (folder / name).write_text("no key", encoding="ascii")

    assert len(load_signing_keys(folder)) == 1


def test_a_later_key_that_others_may_read_is_refused_as_the_first_is(folder: Path) -> None:
    add_signing_key(folder, NOW).path.chmod(0o644)

    with pytest.raises(KeyFilesError, match="open to others"):
        load_keys(folder)


def test_keys_in_a_folder_that_cannot_be_written_are_explained(tmp_path: Path) -> None:
    with pytest.raises(KeyFilesError, match="cannot be made"):
        add_signing_key(tmp_path / "nowhere", NOW)
