from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from countersign.config.tls.certificate import CertificateRefused, check_time
from countersign.config.tls.certificate_files import CertificateFiles
from countersign.config.tls.server_context import server_context
from tests.authority import Authority, Signed

AUTHORITY = Authority()
SERVER = AUTHORITY.certificate("reports.example.com", "*.lab.example.com", "192.0.2.7")
INTERMEDIATE, ROOT = AUTHORITY.intermediate, AUTHORITY.root


def pem_pair(folder: Path, chain: bytes, key: bytes, password: str = "") -> CertificateFiles:
    certificate, secret = folder / "chain.pem", folder / "key.pem"
    certificate.write_bytes(chain)
    secret.write_bytes(key)
    return CertificateFiles(certificate=certificate, key=secret, password=password)


def one_file(folder: Path, content: bytes, password: str = "") -> CertificateFiles:
    path = folder / "one"
    path.write_bytes(content)
    return CertificateFiles(certificate=path, password=password)


def test_a_pem_pair_is_read_with_its_chain(tmp_path: Path) -> None:
    found = pem_pair(tmp_path, AUTHORITY.chain(SERVER), SERVER.key_pem()).read()
    assert found.chain == (SERVER.certificate, INTERMEDIATE.certificate)
    assert (found.source, found.subject) == ("pem", "reports.example.com")
    assert found.not_after == SERVER.certificate.not_valid_after_utc


@pytest.mark.parametrize("key_first", [True, False])
def test_one_pem_file_may_hold_both_as_haproxy_wants_it(tmp_path: Path, key_first: bool) -> None:
    parts = [SERVER.key_pem(), AUTHORITY.chain(SERVER)]
    found = one_file(tmp_path, b"".join(parts if key_first else reversed(parts))).read()
    assert len(found.chain) == 2


def test_a_key_with_a_password_is_opened(tmp_path: Path) -> None:
    files = pem_pair(tmp_path, AUTHORITY.chain(SERVER), SERVER.key_pem("parole"), "parole")
    assert files.read().source == "pem"


def test_a_pfx_is_read_and_its_chain_put_in_order(tmp_path: Path) -> None:
    found = one_file(tmp_path, AUTHORITY.pfx(SERVER, "open"), "open").read()
    assert found.chain == (SERVER.certificate, INTERMEDIATE.certificate, ROOT.certificate)
    assert found.source == "pfx"


@pytest.mark.parametrize(
    ("chain", "key", "password", "told"),
    [
        (SERVER.pem, SERVER.key_pem("parole"), "wrong", "password in tls.password is wrong"),
        (SERVER.pem, SERVER.key_pem("parole"), "", "needs the password in tls.password"),
        (SERVER.pem, SERVER.key_pem(), "parole", "has no password, but tls.password does"),
        (SERVER.pem, SERVER.key_pem()[:80] + SERVER.key_pem()[90:], "", "does not open: it is damaged"),
        (SERVER.pem, b"nothing", "", "there is no private key in"),
        (b"-----BEGIN nothing", SERVER.key_pem(), "", "holds no PEM certificate"),
        (SERVER.pem, INTERMEDIATE.key_pem(), "", "the key does not belong to the certificate of reports."),
        (INTERMEDIATE.pem + SERVER.pem, SERVER.key_pem(), "", "certificate 2 (reports.example.com)"),
        (SERVER.pem + ROOT.pem, SERVER.key_pem(), "", "certificate 2 (Test Root) did not sign certificate 1"),
        (b"\x30\x82", SERVER.key_pem(), "", "with a PFX leave tls.key empty"),
    ],
    ids=lambda value: value if isinstance(value, str) and " " in value else "",
)
def test_a_pem_pair_that_cannot_be_served_is_told_why(
    tmp_path: Path, chain: bytes, key: bytes, password: str, told: str
) -> None:
    with pytest.raises(CertificateRefused) as refused:
        pem_pair(tmp_path, chain, key, password).read()
    assert told in str(refused.value)
    assert "parole" not in str(refused.value)


@pytest.mark.parametrize("password", ["wrong", ""])
def test_the_wrong_password_of_a_pfx_is_told(tmp_path: Path, password: str) -> None:
    with pytest.raises(CertificateRefused, match=r"nor a PFX of the password in tls\.password"):
        one_file(tmp_path, AUTHORITY.pfx(SERVER, "open"), password).read()


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(CertificateRefused, match="cannot be read: No such file"):
        CertificateFiles(certificate=tmp_path / "none.pem").read()


@pytest.mark.parametrize(
    ("begins", "ends", "told"),
    [
        (timedelta(days=-9), timedelta(days=-1), "expired on"),
        (timedelta(days=1), timedelta(days=9), "is the clock right?"),
    ],
)
def test_the_wrong_time_is_told_with_what_the_clock_says(
    tmp_path: Path, begins: timedelta, ends: timedelta, told: str
) -> None:
    wrong = AUTHORITY.certificate(begins=begins, ends=ends)
    found = pem_pair(tmp_path, AUTHORITY.chain(wrong), wrong.key_pem()).read()
    with pytest.raises(CertificateRefused, match="clock says") as refused:
        check_time(found, datetime.now(UTC))
    assert told in str(refused.value)


def test_days_left_count_to_the_first_of_the_chain_that_expires(tmp_path: Path) -> None:
    longer = AUTHORITY.certificate(ends=timedelta(days=900))
    found = pem_pair(tmp_path, AUTHORITY.chain(longer), longer.key_pem()).read()
    assert 364 < found.days_left(datetime.now(UTC)) < 365


@pytest.mark.parametrize(
    ("host", "covered"),
    [
        ("reports.example.com", True),
        ("REPORTS.example.com", True),
        ("one.lab.example.com", True),
        ("a.one.lab.example.com", False),
        ("lab.example.com", False),
        ("example.com", False),
        ("192.0.2.7", True),
        ("reportsXexample.com", False),
    ],
)
def test_it_says_which_hosts_it_covers(tmp_path: Path, host: str, covered: bool) -> None:
    assert pem_pair(tmp_path, SERVER.pem, SERVER.key_pem()).read().covers(host) is covered


def test_a_key_that_everybody_may_read_is_noticed_unless_a_password_protects_it(tmp_path: Path) -> None:
    files = pem_pair(tmp_path, SERVER.pem, SERVER.key_pem())
    assert files.key is not None
    files.key.chmod(0o644)
    assert files.open_to_others() == files.key
    files.key.chmod(0o640)
    assert files.open_to_others() is None


@pytest.mark.parametrize("signed", [SERVER])
def test_the_key_is_in_no_representation(tmp_path: Path, signed: Signed) -> None:
    files = pem_pair(tmp_path, signed.pem, signed.key_pem("parole"), "parole")
    assert "parole" not in repr(files)
    assert "key=" not in repr(files.read())


def test_openssl_s_own_refusal_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = pem_pair(tmp_path, SERVER.pem, SERVER.key_pem()).read()
    monkeypatch.setattr("countersign.config.tls.server_context._pem", lambda *_: b"nothing")
    with pytest.raises(CertificateRefused, match="OpenSSL does not take reports"):
        server_context(found)
