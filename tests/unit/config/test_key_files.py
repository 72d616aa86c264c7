"""Keys are made once, whole, for one reader, and refused when they are not as they were made."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from countersign.config.key_files import LOOKUP, MASTER, create_keys, load_keys
from countersign.config.master_key_file import MasterKeyFile, exchange, line_of
from countersign.config.private_files import KeyFilesError
from countersign.config.signing_key_files import FIRST, load_signing_keys


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    create_keys(tmp_path / "keys")
    return tmp_path / "keys"


def test_what_was_made_can_be_loaded(folder: Path) -> None:
    keys = load_keys(folder)

    (master,) = keys.master_keys
    assert (len(master), len(keys.lookup_key)) == (32, 32)
    assert master != keys.lookup_key
    assert [key.path.name for key in load_signing_keys(folder)] == [FIRST]
    assert load_keys(folder) == keys


def test_only_the_owner_may_read_the_files(folder: Path) -> None:
    assert {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {
        MASTER: 0o600,
        LOOKUP: 0o600,
        FIRST: 0o600,
    }
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_no_two_installations_share_a_key(tmp_path: Path, folder: Path) -> None:
    create_keys(tmp_path / "others")
    one, other = load_keys(folder), load_keys(tmp_path / "others")

    assert one.master_keys != other.master_keys
    assert one.lookup_key != other.lookup_key
    assert load_signing_keys(folder)[0].id != load_signing_keys(tmp_path / "others")[0].id


def test_keys_are_never_overwritten(folder: Path) -> None:
    before = load_keys(folder)

    with pytest.raises(KeyFilesError, match="never overwritten"):
        create_keys(folder)

    assert load_keys(folder) == before
    assert [path.name for path in folder.parent.iterdir()] == ["keys"]


def test_an_empty_folder_and_a_link_to_one_are_filled(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "keys").symlink_to(tmp_path / "disk")

    create_keys(tmp_path / "keys")

    assert load_keys(tmp_path / "disk") == load_keys(tmp_path / "keys")


def test_a_file_in_the_way_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("mine", encoding="utf-8")

    with pytest.raises(KeyFilesError, match="never overwritten"):
        create_keys(tmp_path / "keys")

    assert (tmp_path / "keys").read_text(encoding="utf-8") == "mine"


def test_missing_keys_are_told_with_the_command_that_makes_them(tmp_path: Path) -> None:
    with pytest.raises(
        KeyFilesError, match="make them with `countersign init` for a new service, put back its own"
    ):
        load_keys(tmp_path / "nowhere")


def test_a_single_missing_key_asks_for_the_backup_rather_than_new_keys(folder: Path) -> None:
    (folder / LOOKUP).unlink()

    with pytest.raises(KeyFilesError, match=f"lacks {LOOKUP}; restore"):
        load_keys(folder)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_keys_that_others_may_read_are_refused(folder: Path, mode: int) -> None:
    (folder / MASTER).chmod(mode)

    with pytest.raises(KeyFilesError, match=r"open to others .*chmod 600"):
        load_keys(folder)

    load_keys(folder, refuse_readable_by_others=False)


@pytest.mark.parametrize(("mode", "fit"), [(0o440, True), (0o640, True), (0o460, False), (0o444, False)])
def test_keys_of_another_user_may_be_read_by_group_and_no_more(
    folder: Path, mode: int, fit: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = folder.stat().st_uid
    monkeypatch.setattr("os.geteuid", lambda: owner + 1)
    (folder / MASTER).chmod(mode)

    if fit:
        load_keys(folder)
        return
    with pytest.raises(KeyFilesError, match=r"open to others .*chmod 440"):
        load_keys(folder)


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        (MASTER, b"not base64!", "not base64"),
        (LOOKUP, b"c2hvcnQ=", "holds 5 bytes, not 32"),
        (FIRST, b"-----BEGIN PRIVATE KEY-----\n", "not an unencrypted PEM key"),
        (
            FIRST,
            X25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
            "another kind of key than Ed25519",
        ),
    ],
)
def test_a_damaged_key_is_refused(folder: Path, name: str, content: bytes, problem: str) -> None:
    (folder / name).write_bytes(content)

    with pytest.raises(KeyFilesError, match=problem):
        load_keys(folder)


def test_the_signing_keys_id_is_its_jwk_thumbprint(folder: Path) -> None:
    # The key of RFC 8037 appendix A.1, its thumbprint in A.3, as PKCS 8.
    (folder / FIRST).write_text(
        "-----BEGIN PRIVATE KEY-----\n"
        "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n"
        "-----END PRIVATE KEY-----\n",
        encoding="ascii",
    )

    assert load_signing_keys(folder)[0].id == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


def test_no_key_is_shown(folder: Path) -> None:
    keys = load_keys(folder)

    assert repr(keys) == "KeyRing()"
    assert "PRIVATE" not in repr(load_signing_keys(folder))


def test_a_key_that_would_not_open_again_is_not_written() -> None:
    def wrap(plain: bytes) -> bytes:
        return b"vault:v1:" + plain[::-1]

    assert line_of(b"ab", wrap, lambda line: line[:8:-1]) == b"vault:v1:ba"
    with pytest.raises(KeyFilesError, match="does not open again"):
        line_of(b"ab", wrap, lambda _: b"another")


def test_a_file_holds_one_master_key_or_the_two_of_an_exchange(folder: Path, tmp_path: Path) -> None:
    create_keys(tmp_path / "others")
    first, second = ((each / MASTER).read_bytes() for each in (folder, tmp_path / "others"))
    file = MasterKeyFile(folder / MASTER, None)
    (one,) = file.keys()

    exchange(folder / MASTER, first + second)
    assert file.keys() == (one, *load_keys(tmp_path / "others").master_keys)

    exchange(folder / MASTER, first + second + first)
    with pytest.raises(KeyFilesError, match="3 lines"):
        file.keys()


def test_a_master_key_that_was_put_aside_is_for_its_owner_too(folder: Path) -> None:
    (folder / f"{MASTER}.0123456789abcdef").touch(mode=0o644)

    with pytest.raises(KeyFilesError, match="open to others"):
        load_keys(folder)
