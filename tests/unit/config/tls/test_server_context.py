from __future__ import annotations

import os
import ssl
import stat
import sys
import tempfile
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from countersign.config.tls import server_context as module
from countersign.config.tls.certificate import CertificateRefused
from countersign.config.tls.certificate_files import CertificateFiles
from countersign.config.tls.server_context import fleeting_file, server_context
from tests.authority import Authority, Signed
from tests.unit.config.tls.handshake import client_trusting, handshake

AUTHORITY = Authority()
SERVER = AUTHORITY.certificate()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return AUTHORITY.write_root(tmp_path / "root.pem")


@pytest.fixture
def context(tmp_path: Path) -> ssl.SSLContext:
    path = AUTHORITY.write(tmp_path / "server.pem", SERVER)
    return server_context(CertificateFiles(certificate=path).read())


@pytest.mark.parametrize("newest", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_client_that_knows_the_root_only_is_content(
    context: ssl.SSLContext, root: Path, newest: ssl.TLSVersion
) -> None:
    agreed = handshake(context, client_trusting(root, newest))
    assert agreed.is_for(SERVER)
    assert agreed.version == {"TLSv1_2": "TLSv1.2", "TLSv1_3": "TLSv1.3"}[newest.name]
    assert "GCM" in agreed.cipher or "CHACHA20" in agreed.cipher


def test_a_pfx_is_served_as_well(tmp_path: Path, root: Path) -> None:
    path = tmp_path / "server.pfx"
    path.write_bytes(AUTHORITY.pfx(SERVER, "open"))
    context = server_context(CertificateFiles(certificate=path, password="open").read())
    assert handshake(context, client_trusting(root)).is_for(SERVER)


def test_the_whole_chain_is_sent_but_for_nothing_that_is_missing(tmp_path: Path, root: Path) -> None:
    alone = tmp_path / "alone.pem"
    alone.write_bytes(SERVER.pem + SERVER.key_pem())
    context = server_context(CertificateFiles(certificate=alone).read())
    with pytest.raises(ssl.SSLCertVerificationError, match="unable to get local issuer"):
        handshake(context, client_trusting(root))


def test_what_is_older_than_tls_1_2_or_without_forward_secrecy_is_refused(context: ssl.SSLContext) -> None:
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2
    old = [each["name"] for each in context.get_ciphers() if each["protocol"] == "TLSv1.2"]
    assert old
    assert all(name.startswith("ECDHE-") for name in old)
    assert all("GCM" in name or "CHACHA20" in name for name in old)


@pytest.mark.skipif(sys.platform != "linux", reason="files in memory are Linux's")
def test_the_key_never_gets_a_name_on_a_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with fleeting_file(b"content") as path:
        assert path.startswith("/proc/self/fd/")
        assert Path(path).read_bytes() == b"content"
        assert list(tmp_path.iterdir()) == []
        number = int(path.rpartition("/")[2])
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(number)


def test_elsewhere_a_file_for_this_user_alone_is_gone_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(module.sys, "platform", "darwin")  # type: ignore[attr-defined]
    with fleeting_file(b"content") as path:
        assert stat.S_IMODE(Path(path).stat().st_mode) == 0o600
        assert Path(path).read_bytes() == b"content"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("signed", [SERVER])
def test_what_openssl_is_given_is_under_a_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, signed: Signed
) -> None:
    given: list[bytes] = []

    def keep(content: bytes) -> object:
        given.append(content)
        return fleeting_file(content)

    monkeypatch.setattr(module, "fleeting_file", keep)
    server_context(CertificateFiles(certificate=AUTHORITY.write(tmp_path / "server.pem", signed)).read())
    (content,) = given
    assert b"-----BEGIN ENCRYPTED PRIVATE KEY-----" in content
    assert b"-----BEGIN PRIVATE KEY-----" not in content


CLIENT = AUTHORITY.certificate("tablet")


@pytest.mark.parametrize("newest", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_client_is_asked_for_a_certificate_and_may_show_none(
    tmp_path: Path, root: Path, newest: ssl.TLSVersion
) -> None:
    context = asking(tmp_path, root)
    shows = client_trusting(root, newest)
    assert handshake(context, shows).shown is None
    shows.load_cert_chain(AUTHORITY.write(tmp_path / "client.pem", CLIENT))
    assert handshake(context, shows).shown == CLIENT.certificate.public_bytes(Encoding.DER)


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path, root: Path) -> None:
    stranger, shows = Authority(), client_trusting(root, ssl.TLSVersion.TLSv1_2)
    shows.load_cert_chain(stranger.write(tmp_path / "client.pem", stranger.certificate("tablet")))
    with pytest.raises(ssl.SSLError, match="unable to get local issuer"):
        handshake(asking(tmp_path, root), shows)


def test_nobody_is_asked_unless_it_is_said(context: ssl.SSLContext, root: Path, tmp_path: Path) -> None:
    shows = client_trusting(root)
    shows.load_cert_chain(AUTHORITY.write(tmp_path / "client.pem", CLIENT))
    assert handshake(context, shows).shown is None


@pytest.mark.parametrize(
    ("content", "told"), [(b"nothing", "holds no PEM certificate"), (None, "cannot be read")]
)
def test_authorities_that_cannot_be_read_are_told(tmp_path: Path, content: bytes | None, told: str) -> None:
    path = tmp_path / "clients.pem"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CertificateRefused, match=told):
        CertificateFiles(certificate=path, clients=path).client_authorities()


def asking(folder: Path, root: Path) -> ssl.SSLContext:
    files = CertificateFiles(certificate=AUTHORITY.write(folder / "server.pem", SERVER), clients=root)
    return server_context(files.read(), files.client_authorities())
